using System.Collections.Concurrent;
using System.Net;
using K8sConsul.Grpc;

namespace K8sConsul.Server.Rpc;

/// <summary>Channels to servers, one per address, made when first needed.</summary>
public sealed class RpcPool(GrpcChannelOptions options) : IDisposable
{
    /// <summary>
    /// Between servers of a datacenter. Behind a partition of some seconds TCP itself would try again only after as many more, and an election
    /// waits for that: such a connection is given up and a new one tried about every second.
    /// </summary>
    public static GrpcChannelOptions DatacenterOptions { get; } = new()
    {
        MessageBytesMax = InternalService.MessageBytesMax,
        MultipleConnections = true,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UnacknowledgedMax = TimeSpan.FromSeconds(3),
    };

    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);

    /// <param name="address">IP:port; IPv6 in brackets.</param>
    /// <exception cref="GrpcException">It is none: another server's word, and so a peer that cannot be reached.</exception>
    public GrpcChannel Channel(string address) => _channels.GetOrAdd(address, Open);

    /// <summary>Forgets a channel whose server is gone.</summary>
    public void Drop(string address)
    {
        if (_channels.TryRemove(address, out GrpcChannel? channel))
        {
            channel.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels.Values)
        {
            channel.Dispose();
        }

        _channels.Clear();
    }

    private GrpcChannel Open(string address)
    {
        if (!IPEndPoint.TryParse(address, out IPEndPoint? endPoint) || endPoint.Port == 0)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, $"'{address}' is no address of a server");
        }

        return new GrpcChannel(endPoint.Address.ToString(), endPoint.Port, options);
    }
}
