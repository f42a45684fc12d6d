using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>
/// A piece of 127/8 that stands for the tutorial's 172.20.20.0/24, so that every machine of it has Consul's own ports. Its
/// addresses are as long as those they stand for: tables keep their columns.
/// </summary>
internal sealed class LoopbackNetwork
{
    public const string Written = "172.20.20.";

    private const int FirstOctet = 10;
    private const int Choices = 90;
    private static readonly int[] _ports = [8080, 8300, 8301, 8302, 8500, 8600];

    private static readonly Lock Gate = new();
    private static int s_next = Environment.ProcessId * 61;

    private LoopbackNetwork(string prefix) => Prefix = prefix;

    public string Prefix { get; }

    public static LoopbackNetwork Take()
    {
        lock (Gate)
        {
            for (int tries = 0; tries < Choices * Choices; tries++)
            {
                s_next++;
                string prefix = string.Create(CultureInfo.InvariantCulture, $"127.{FirstOctet + (s_next / Choices % Choices)}.{FirstOctet + (s_next % Choices)}.");
                if (_ports.All(port => IsFree(prefix + "10", port) && IsFree(prefix + "11", port)))
                {
                    return new LoopbackNetwork(prefix);
                }
            }
        }

        Peers.Absent("no addresses: the whole of 127/8 must be this machine's, with Consul's ports free, as Linux has it");
        throw new InvalidOperationException("not reached");
    }

    /// <summary>From the tutorial's addresses to ours.</summary>
    public string Place(string text) => Exchange(text, Written, Prefix);

    /// <summary>And back.</summary>
    public string Unplace(string text) => Exchange(text, Prefix, Written);

    /// <summary>Also where DNS writes them backwards or as hexadecimal digits.</summary>
    private static string Exchange(string text, string from, string to) =>
        text.Replace(from, to, StringComparison.Ordinal)
            .Replace(Reversed(from), Reversed(to), StringComparison.Ordinal)
            .Replace(Hexadecimal(from), Hexadecimal(to), StringComparison.Ordinal);

    private static string Reversed(string prefix) => string.Join('.', Octets(prefix).Reverse()) + ".in-addr.arpa";

    private static string Hexadecimal(string prefix) =>
        string.Concat(Octets(prefix).Select(octet => int.Parse(octet, CultureInfo.InvariantCulture).ToString("x2", CultureInfo.InvariantCulture)));

    private static string[] Octets(string prefix) => prefix.Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsFree(string address, int port)
    {
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
