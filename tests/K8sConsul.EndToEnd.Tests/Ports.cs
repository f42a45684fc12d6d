using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Tests;

/// <summary>
/// Ports for processes that begin to listen a moment later, or again: below the range from which the kernel takes ports for outgoing
/// connections, so that nobody else gets one in between.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 31_999;

    private static readonly Lock Gate = new();
    private static int s_next = First + (Environment.ProcessId * 97 % (Last - First));

    public static int Take()
    {
        lock (Gate)
        {
            for (int tries = 0; tries < Last - First; tries++)
            {
                s_next = s_next >= Last ? First : s_next + 1;
                if (IsFree(s_next))
                {
                    return s_next;
                }
            }
        }

        throw new InvalidOperationException("no free port");
    }

    public static int[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Take())];

    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
