using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>
/// Sends one request over a connection of its own: 2xx is passing, 429 warning, anything else critical. Redirects are
/// followed as Go does, ten at most.
/// </summary>
public sealed class HttpProbe(ProbeTls tls, TimeProvider time) : IProbe, IDisposable
{
    private const int RedirectsMax = 10;
    private const string UserAgent = "Consul Health Check";
    private const string Accept = "text/plain, text/*, */*";

    private readonly HttpProbeHandlers _handlers = new(tls);

    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        string method = check.Method.Length > 0 ? check.Method : "GET";
        if (!method.All(static c => c is > ' ' and < '\x7f' and not ('(' or ')' or '<' or '>' or '@' or ',' or ';' or ':' or '\\' or '"' or '/' or '[' or ']' or '?' or '=' or '{' or '}')))
        {
            return CheckResult.Critical($"net/http: invalid method \"{method}\"");
        }

        if (!GoUrl.TryParse(check.Http, method, out Uri? url, out string? error))
        {
            return CheckResult.Critical(error);
        }

        using CancellationTokenSource limit = new(ProbeTimeout.Of(check, ProbeTimeout.Network), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        string shownUrl = WithoutPassword(check.Http, url);
        try
        {
            for (int redirects = 0; ; redirects++)
            {
                using HttpRequestMessage request = Request(check, url, method, first: redirects == 0);
                using HttpResponseMessage response = await _handlers.For(check).SendAsync(request, either.Token).ConfigureAwait(false);
                if (!check.DisableRedirects && Redirect(response, url, ref method) is { } next)
                {
                    string location = response.Headers.NonValidated["Location"].ToString();
                    if (redirects + 1 >= RedirectsMax)
                    {
                        return CheckResult.Critical($"{GoUrl.Operation(check.Method)} \"{location}\": stopped after {RedirectsMax} redirects");
                    }

                    url = next;
                    shownUrl = next.AbsoluteUri;
                    continue;
                }

                string body = await ReadBodyAsync(response, outputMax, stop, either.Token).ConfigureAwait(false);
                string shownMethod = check.Method.Length > 0 ? check.Method : "GET";
                return new CheckResult(StatusOf(response.StatusCode), $"HTTP {shownMethod} {check.Http}: {StatusLine(response)} Output: {body}");
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CheckResult.Critical($"{GoUrl.Operation(check.Method)} \"{shownUrl}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (HttpRequestException e)
        {
            return CheckResult.Critical($"{GoUrl.Operation(check.Method)} \"{shownUrl}\": {HttpFailureText.Of(e)}");
        }
    }

    public void Dispose() => _handlers.Dispose();

    private static CheckStatus StatusOf(HttpStatusCode code) => (int)code switch
    {
        >= 200 and <= 299 => CheckStatus.Passing,
        429 => CheckStatus.Warning,
        _ => CheckStatus.Critical,
    };

    private static HttpRequestMessage Request(CheckDefinition check, Uri url, string method, bool first)
    {
        HttpRequestMessage request = new(new HttpMethod(method), url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (check.Body.Length > 0 && method is not ("GET" or "HEAD") || (first && check.Body.Length > 0))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(check.Body));
        }

        foreach ((string name, ImmutableArray<string> values) in check.Header)
        {
            if (string.Equals(name, "Host", StringComparison.OrdinalIgnoreCase))
            {
                // A redirect may lead to another host, which must not get this name.
                request.Headers.Host = first && values.Length > 0 ? values[0] : null;
            }
            else if (!request.Headers.TryAddWithoutValidation(name, values))
            {
                // Headers about the content; Go sends them with an empty one too.
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }

        AddUnlessGiven(request, "User-Agent", UserAgent);
        AddUnlessGiven(request, "Accept", Accept);
        if (!string.Equals(method, "HEAD", StringComparison.Ordinal) && !request.Headers.NonValidated.Contains("Range"))
        {
            // Go asks for gzip unless the user has said something about it.
            AddUnlessGiven(request, "Accept-Encoding", "gzip");
        }

        if (url.UserInfo.Length > 0)
        {
            AddUnlessGiven(request, "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }

        request.Headers.ConnectionClose = true;
        return request;
    }

    private static void AddUnlessGiven(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.NonValidated.Contains(name))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Where to go next, or null to stay. 301, 302 and 303 turn everything but GET and HEAD into GET.</summary>
    private static Uri? Redirect(HttpResponseMessage response, Uri from, ref string method)
    {
        int status = (int)response.StatusCode;
        if (status is not (301 or 302 or 303 or 307 or 308)
            || !response.Headers.NonValidated.TryGetValues("Location", out System.Net.Http.Headers.HeaderStringValues location)
            || !Uri.TryCreate(from, location.ToString(), out Uri? next)
            || next.Scheme is not ("http" or "https"))
        {
            return null;
        }

        if (status is 301 or 302 or 303 && method is not ("GET" or "HEAD"))
        {
            method = "GET";
        }

        return next;
    }

    /// <summary>A body that breaks off or takes too long counts as far as it came: the status was already given.</summary>
    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, int outputMax, CancellationToken stop, CancellationToken either)
    {
        TailBuffer tail = new(outputMax);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(Math.Min(outputMax, 4096));
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(either).ConfigureAwait(false);
            if (response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.OrdinalIgnoreCase))
            {
                body = new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress);
            }

            await using (body.ConfigureAwait(false))
            {
                int count;
                while ((count = await body.ReadAsync(buffer, either).ConfigureAwait(false)) > 0)
                {
                    tail.Write(buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return tail.ToString();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        return tail.ToString();
    }

    private static string StatusLine(HttpResponseMessage response) => string.IsNullOrEmpty(response.ReasonPhrase)
        ? ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}");

    private static string WithoutPassword(string text, Uri url)
    {
        int colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text.Replace(url.UserInfo + "@", url.UserInfo[..colon] + ":***@", StringComparison.Ordinal);
    }
}
