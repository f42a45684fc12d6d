namespace K8sConsul.Contracts.Client;

/// <summary>A request got no answer, or one that its kind of request does not know.</summary>
/// <remarks>The message is Go's client's, for scripts match on it: <c>Unexpected response code: 500 (…)</c>, <c>Get "http://…": dial tcp …</c>.</remarks>
public sealed class ConsulException : Exception
{
    public ConsulException(string message)
        : base(message)
    {
    }

    public ConsulException(string message, Exception inner)
        : base(message, inner)
    {
    }

    private ConsulException(string message, int statusCode, string body)
        : base(message)
    {
        StatusCode = statusCode;
        Body = body;
    }

    /// <summary>Zero when there was no answer at all.</summary>
    public int StatusCode { get; }

    public string Body { get; } = string.Empty;

    internal static ConsulException UnexpectedCode(int statusCode, string body)
    {
        return new ConsulException($"Unexpected response code: {statusCode} ({body})", statusCode, body);
    }

    /// <summary>Key/value reads leave the body out.</summary>
    internal static ConsulException UnexpectedBareCode(int statusCode, string body)
    {
        return new ConsulException($"Unexpected response code: {statusCode}", statusCode, body);
    }
}
