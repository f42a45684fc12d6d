using System.Net;
using System.Net.Sockets;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Grpc;

/// <summary>The address cannot be listened on: <c>listen tcp 127.0.0.1:8300: bind: address already in use</c>.</summary>
public sealed class GrpcBindException(IPEndPoint endPoint, SocketError error, Exception inner)
    : IOException(GoNetError.Listen("tcp", endPoint, error), inner)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    public SocketError Error { get; } = error;
}
