using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary>Ports below the range from which the kernel takes those of outgoing connections, each handed out once.</summary>
internal static class Ports
{
    private const int First = 15_000;
    private const int Last = 19_999;

    private static int s_next = First + (Environment.ProcessId * 31 % (Last - First));

    public static int Take()
    {
        for (int tries = 0; tries < Last - First; tries++)
        {
            s_next = s_next >= Last ? First : s_next + 1;
            if (IsFree(s_next))
            {
                return s_next;
            }
        }

        throw new BenchmarkException($"no free port between {First} and {Last}");
    }

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
