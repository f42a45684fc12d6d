using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Grpc.Net;

/// <summary>Texts of Go's <c>net</c> package, which Consul's users see as check output and error messages.</summary>
public static class GoNetError
{
    /// <summary>The text of a failed system call, e.g. <c>connection refused</c>.</summary>
    public static string Text(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.ConnectionAborted => "software caused connection abort",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.NetworkDown => "network is down",
        SocketError.HostDown => "host is down",
        SocketError.TimedOut => "connection timed out",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AddressFamilyNotSupported => "address family not supported by protocol",
        SocketError.InvalidArgument => "invalid argument",
        SocketError.MessageSize => "message too long",
        SocketError.NoBufferSpaceAvailable => "no buffer space available",
        SocketError.TooManyOpenSockets => "too many open files",
        SocketError.Shutdown => "broken pipe",
        _ => new SocketException((int)error).Message,
    };

    /// <summary><c>listen tcp 127.0.0.1:8300: bind: address already in use</c>.</summary>
    public static string Listen(string network, EndPoint endPoint, SocketError error) =>
        $"listen {network} {endPoint}: bind: {Text(error)}";

    /// <summary>Finds the socket error in a chain of exceptions.</summary>
    public static SocketError? Find(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
