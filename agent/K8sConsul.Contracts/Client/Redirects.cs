using K8sConsul.Contracts.Client.Transport;

namespace K8sConsul.Contracts.Client;

/// <summary>
/// Consul answers 301 to paths it cleans (<c>/v1/kv/a//b</c>). Go's client follows, and after 301, 302 and 303 always with GET,
/// so that the write is lost; users know the errors that come of it.
/// </summary>
internal static class Redirects
{
    /// <summary>The request to send next; null when the answer is the last word.</summary>
    public static TransportRequest? Next(TransportRequest request, TransportAnswer answer)
    {
        // Never to another host: it would be shown our token.
        if (answer.Headers.Find("Location") is not ['/', not '/', ..] location)
        {
            return null;
        }

        return answer.StatusCode switch
        {
            301 or 302 or 303 => request with { Method = "GET", Target = location, ShownTarget = location, Body = null, BodyStream = null },
            307 or 308 when request.BodyStream is null => request with { Target = location, ShownTarget = location },
            _ => null,
        };
    }
}
