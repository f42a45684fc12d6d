using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Rpc.Wire;

namespace K8sConsul.Server.Rpc;

/// <summary>The methods that agents call on a server's RPC port.</summary>
public static class InternalService
{
    /// <summary>Largest message either side takes: a full Raft batch; API bodies are bounded far below by their routes.</summary>
    public const int MessageBytesMax = RaftLimits.MessageBytesMax + 1024;

    private const string Name = "k8sconsul.internal.v1.Internal";

    /// <summary>Metadata in which a Raft peer names itself when it opens its stream.</summary>
    public const string PeerIdKey = "k8sconsul-peer-id";

    /// <summary>Raft messages from one peer, for as long as the stream lives; nothing comes back.</summary>
    public static readonly GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Raft =
        new(Name, "Raft", GrpcMarshaller.Bytes, GrpcMarshaller.Bytes);

    public static readonly GrpcMethod<ApiCall, ApiReply> Call =
        new(Name, "Call", GrpcMarshaller.Protobuf(ApiCall.Parser), GrpcMarshaller.Protobuf(ApiReply.Parser));

    public static readonly GrpcMethod<Piece, Piece> Transfer =
        new(Name, "Transfer", GrpcMarshaller.Protobuf(Piece.Parser), GrpcMarshaller.Protobuf(Piece.Parser));

    public static readonly GrpcMethod<StatsRequest, StatsReply> Stats =
        new(Name, "Stats", GrpcMarshaller.Protobuf(StatsRequest.Parser), GrpcMarshaller.Protobuf(StatsReply.Parser));

    public static readonly GrpcMethod<PeersRequest, PeersReply> Peers =
        new(Name, "Peers", GrpcMarshaller.Protobuf(PeersRequest.Parser), GrpcMarshaller.Protobuf(PeersReply.Parser));
}
