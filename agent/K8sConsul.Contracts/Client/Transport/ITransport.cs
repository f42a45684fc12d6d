namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Carries one request to the agent and its answer back.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Returns when the answer's headers are there. Blocks as long as the agent does.</summary>
    /// <exception cref="TransportException">There is no answer.</exception>
    TransportAnswer Send(TransportRequest request);
}

internal sealed record TransportRequest
{
    public required string Method { get; init; }

    /// <summary>Path and query, escaped.</summary>
    public required string Target { get; init; }

    /// <summary>The target for error texts, which show the request as Go's client would have sent it.</summary>
    public required string ShownTarget { get; init; }

    public required HeaderList Headers { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Instead of <see cref="Body"/>.</summary>
    public Stream? BodyStream { get; init; }
}

/// <summary>Status and headers; the body is read from the connection.</summary>
internal sealed class TransportAnswer(int statusCode, HeaderList headers, Stream body, IDisposable? owner = null) : IDisposable
{
    public int StatusCode { get; } = statusCode;

    public HeaderList Headers { get; } = headers;

    public Stream Body { get; } = body;

    public void Dispose()
    {
        Body.Dispose();
        owner?.Dispose();
    }
}

/// <summary>No answer: the message is Go's, without method and URL.</summary>
internal sealed class TransportException : Exception
{
    public TransportException(string message)
        : base(message)
    {
    }

    public TransportException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
