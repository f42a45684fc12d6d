using System.Net;
using System.Net.Sockets;
using K8sConsul.Gossip;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Membership;

/// <summary>
/// Network failures in the words of Go's net package: operators, scripts and Consul's clients have matched on them for years.
/// </summary>
internal static class GoNetworkText
{
    public const string Timeout = "i/o timeout";

    public static string Listen(string network, IPEndPoint at, SocketException e) =>
        $"listen {network} {MemberAddress.From(at)}: bind: {GoNetError.Text(e.SocketErrorCode)}";

    /// <summary><c>dial tcp 127.0.0.1:1: connect: connection refused</c>.</summary>
    public static string Dial(MemberAddress to, SocketException e) => e.SocketErrorCode == SocketError.TimedOut
        ? DialTimeout(to)
        : $"dial tcp {to}: connect: {GoNetError.Text(e.SocketErrorCode)}";

    public static string DialTimeout(MemberAddress to) => $"dial tcp {to}: {Timeout}";

    /// <summary><c>read tcp 10.0.0.1:40000->10.0.0.2:8301: read: connection reset by peer</c>.</summary>
    public static string Transfer(string operation, EndPoint? local, MemberAddress remote, SocketException e) =>
        $"{operation} tcp {local}->{remote}: {operation}: {GoNetError.Text(e.SocketErrorCode)}";

    public static string TransferTimeout(string operation, EndPoint? local, MemberAddress remote) =>
        $"{operation} tcp {local}->{remote}: {Timeout}";

    /// <summary><c>lookup web: no such host</c>.</summary>
    public static string Lookup(string host, SocketException e) => e.SocketErrorCode == SocketError.TryAgain
        ? $"lookup {host}: Temporary failure in name resolution"
        : $"lookup {host}: no such host";
}
