using System.Net.Sockets;

namespace K8sConsul.Grpc.Net;

/// <summary>A connection could not be made; the message is Go's, e.g. <c>dial tcp 127.0.0.1:1: connect: connection refused</c>.</summary>
public sealed class DialException(string message, SocketError error, Exception? inner = null) : Exception(message, inner)
{
    public SocketError Error { get; } = error;
}
