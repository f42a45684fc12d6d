using Google.Protobuf;
using K8sConsul.Grpc;
using K8sConsul.Server.Api;
using K8sConsul.Server.Rpc.Wire;

namespace K8sConsul.Server.Rpc;

/// <summary>Sends whole API calls to another agent.</summary>
public sealed class ApiForwarder(RpcPool pool)
{
    /// <summary>Streamed bodies travel in pieces of this size.</summary>
    private const int PieceBytes = 256 * 1024;

    /// <exception cref="GrpcException">The other agent could not be reached, or broke off.</exception>
    public async ValueTask<ApiResponse> SendAsync(string address, ApiRequest request, bool toLeader, bool streamed, CancellationToken cancellationToken)
    {
        ApiCall call = ApiWire.ToCall(request, toLeader);
        if (!streamed)
        {
            ApiReply reply = await pool.Channel(address)
                .UnaryAsync(InternalService.Call, call, stop: cancellationToken).ConfigureAwait(false);
            return ApiWire.FromReply(reply);
        }

        return await TransferAsync(address, request, call, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ApiResponse> TransferAsync(string address, ApiRequest request, ApiCall call, CancellationToken cancellationToken)
    {
        GrpcBidiCall<Piece, Piece> transfer = pool.Channel(address).Bidi(InternalService.Transfer, stop: cancellationToken);
        try
        {
            await transfer.Requests.WriteAsync(new Piece { Call = call }, cancellationToken).ConfigureAwait(false);
            if (request.BodyStream is { } body)
            {
                await foreach (ByteString piece in PiecesAsync(body, cancellationToken).ConfigureAwait(false))
                {
                    await transfer.Requests.WriteAsync(new Piece { Data = piece }, cancellationToken).ConfigureAwait(false);
                }
            }

            await transfer.CompleteRequestsAsync().ConfigureAwait(false);
            (bool has, Piece? first) = await transfer.Responses.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!has || first!.Reply is not { } reply)
            {
                throw new GrpcException(GrpcStatusCode.Internal, "the answer began without its head");
            }

            return ApiWire.FromReply(reply, WriteBodyAsync, transfer);

            // A refusal has its text in the head, a snapshot comes behind it.
            async Task WriteBodyAsync(Stream output, CancellationToken stop)
            {
                await output.WriteAsync(reply.Body.Memory, stop).ConfigureAwait(false);
                await foreach (Piece piece in transfer.Responses.ReadAllAsync(stop).ConfigureAwait(false))
                {
                    await output.WriteAsync(piece.Data.Memory, stop).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            transfer.Dispose();
            throw;
        }
    }

    internal static async IAsyncEnumerable<ByteString> PiecesAsync(
        Stream body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[PieceBytes];
        for (int read = await body.ReadAtLeastAsync(buffer, PieceBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            read > 0;
            read = await body.ReadAtLeastAsync(buffer, PieceBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false))
        {
            yield return ByteString.CopyFrom(buffer.AsSpan(0, read));
        }
    }
}
