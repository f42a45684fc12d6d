using System.IO.Pipelines;
using Google.Protobuf;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Rpc.Wire;
using K8sConsul.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Rpc;

/// <summary>The receiving side of a server's RPC port.</summary>
public sealed partial class RpcEndpoints(RaftHost raft, ServerApi api, ILogger<RpcEndpoints> logger, RpcMetrics metrics)
{
    public GrpcMethodTable Methods() => new GrpcMethodTable()
        .Bidi(InternalService.Raft, RaftAsync)
        .Unary(InternalService.Call, CallAsync)
        .Bidi(InternalService.Transfer, TransferAsync)
        .Unary(InternalService.Peers, PeersAsync)
        .Unary(InternalService.Stats, StatsAsync);

    private async ValueTask RaftAsync(
        GrpcMessageReader<ReadOnlyMemory<byte>> requests, GrpcMessageWriter<ReadOnlyMemory<byte>> responses, GrpcServerContext context)
    {
        string peer = context.RequestHeaders.FirstOrDefault(h => string.Equals(h.Key, InternalService.PeerIdKey, StringComparison.Ordinal)).Value
            ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, "a raft stream must name its peer");
        try
        {
            await DeliverAsync(new ServerId(peer), requests, context.Stop).ConfigureAwait(false);
        }
        finally
        {
            raft.ConnectionLost(new ServerId(peer));
        }
    }

    /// <summary>Delivers a peer's messages. Whoever speaks for another peer than it named is cut off.</summary>
    private async Task DeliverAsync(ServerId peer, GrpcMessageReader<ReadOnlyMemory<byte>> requests, CancellationToken stop)
    {
        while (await requests.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            while (requests.TryRead(out ReadOnlyMemory<byte> bytes))
            {
                if (!RaftMessageCodec.TryDecode(bytes, out RaftMessage? message, out string? problem))
                {
                    LogBadMessage(peer.ToString(), problem);
                    throw new GrpcException(GrpcStatusCode.InvalidArgument, problem);
                }

                if (message.From != peer)
                {
                    throw new GrpcException(GrpcStatusCode.PermissionDenied, $"peer {peer} sent a message of {message.From}");
                }

                raft.Deliver(message);
            }
        }
    }

    private async ValueTask<ApiReply> CallAsync(ApiCall call, GrpcServerContext context)
    {
        metrics.Request.Increment();
        using ApiResponse response = await api.InvokeAsync(ApiWire.FromCall(call), context.Stop).ConfigureAwait(false);
        CountIfFailed(response);
        return ApiWire.ToReply(response);
    }

    private async ValueTask TransferAsync(GrpcMessageReader<Piece> requests, GrpcMessageWriter<Piece> responses, GrpcServerContext context)
    {
        (bool has, Piece? first) = await requests.ReadAsync(context.Stop).ConfigureAwait(false);
        if (!has || first!.Call is not { } call)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "the call began without its head");
        }

        metrics.Request.Increment();
        await using var body = new PieceStream(requests);
        using ApiResponse response = await api.InvokeAsync(ApiWire.FromCall(call, body), context.Stop).ConfigureAwait(false);
        CountIfFailed(response);
        await responses.WriteAsync(new Piece { Reply = ApiWire.ToReply(response) }, context.Stop).ConfigureAwait(false);
        if (response.Stream is not { } write)
        {
            return;
        }

        var pipe = new Pipe();
        Task writing = WriteAsync(write, pipe.Writer, context.Stop);
        try
        {
            await foreach (ByteString piece in ApiForwarder.PiecesAsync(pipe.Reader.AsStream(leaveOpen: true), context.Stop).ConfigureAwait(false))
            {
                await responses.WriteAsync(new Piece { Data = piece }, context.Stop).ConfigureAwait(false);
            }
        }
        catch
        {
            // The caller is gone: the writer must not wait for a reader, and its own end is only a consequence.
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
    }

    private static async Task WriteAsync(Func<Stream, CancellationToken, Task> write, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await write(output.AsStream(leaveOpen: true), cancellationToken).ConfigureAwait(false);
            await output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await output.CompleteAsync(failure).ConfigureAwait(false);
            throw;
        }
    }

    private void CountIfFailed(ApiResponse response)
    {
        if (response.Status >= 500)
        {
            metrics.RequestError.Increment();
        }
    }

    private async ValueTask<PeersReply> PeersAsync(PeersRequest request, GrpcServerContext context)
    {
        metrics.Request.Increment();

        // In this order: a log that is the first entry alone later was not more when the view was taken.
        RaftConfiguration configuration = raft.View.Configuration;
        var reply = new PeersReply();
        reply.Addresses.AddRange(configuration.Servers.Select(server => server.Address));
        if (!configuration.IsEmpty && (await RaftStatsAsync().ConfigureAwait(false)).LastEntry == RaftBootstrap.Last)
        {
            reply.Forming = UnsafeByteOperations.UnsafeWrap(configuration.Encode());
        }

        return reply;
    }

    private async ValueTask<StatsReply> StatsAsync(StatsRequest request, GrpcServerContext context)
    {
        metrics.Request.Increment();
        return StatsFetcher.ToWire(await RaftStatsAsync().ConfigureAwait(false));
    }

    private async Task<ServerStats> RaftStatsAsync()
    {
        try
        {
            return await raft.StatsAsync().ConfigureAwait(false);
        }
        catch (ConsensusException failure)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, failure.Message);
        }
    }

    [LoggerMessage(1111, LogLevel.Warning, "cannot read a raft message, closing the stream: peer={Peer} error={Error}")]
    private partial void LogBadMessage(string peer, string error);
}
