using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>Other DNS servers, asked about what this one does not know.</summary>
internal interface IRecursor
{
    /// <summary>Passes a query on, unchanged, over the client's transport.</summary>
    /// <param name="configuration">Names the recursors and their patience.</param>
    /// <param name="query">The client's message.</param>
    /// <param name="transport">The client's transport.</param>
    /// <param name="reply">At least <see cref="DnsLimits.MessageLengthMax"/> octets.</param>
    /// <param name="cancellation">Ends the server's life.</param>
    /// <returns>The reply's length; 0 when every recursor failed.</returns>
    ValueTask<int> ForwardAsync(
        DnsConfiguration configuration,
        ReadOnlyMemory<byte> query,
        DnsTransport transport,
        Memory<byte> reply,
        CancellationToken cancellation);

    /// <summary>Asks for the A records of a host name; empty when no recursor answers.</summary>
    ValueTask<IReadOnlyList<ResourceRecord>> FindAddressesAsync(
        DnsConfiguration configuration,
        DomainName host,
        CancellationToken cancellation);
}
