using K8sConsul.Contracts.Client.Transport;

namespace K8sConsul.Contracts.Client;

/// <summary>An answer that is read as it arrives. Disposing it ends the request.</summary>
public sealed class ConsulStream : IDisposable
{
    private readonly TransportAnswer _answer;

    internal ConsulStream(TransportAnswer answer)
    {
        _answer = answer;
    }

    public QueryMeta Meta => QueryMeta.Of(_answer.Headers);

    public Stream Body => _answer.Body;

    public void Dispose()
    {
        _answer.Dispose();
    }
}
