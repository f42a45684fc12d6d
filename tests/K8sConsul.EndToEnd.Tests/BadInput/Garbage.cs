using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Bytes that no peer sends, the same in every run.</summary>
internal static class Garbage
{
    private const int Seed = 20_201_218;
    private const int DatagramBytesMax = 1_400;

    /// <summary>A question for <c>consul.service.consul</c>, type A.</summary>
    public static readonly byte[] Question =
    [
        0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
        6, .. "consul"u8, 7, .. "service"u8, 6, .. "consul"u8, 0,
        0, 1, 0, 1,
    ];

    public static IEnumerable<byte[]> DnsMessages(int randomCount)
    {
        for (int length = 0; length < Question.Length; length++)
        {
            yield return Question[..length];
        }

        yield return [.. Question[..12], 0xC0, 12, 0, 1, 0, 1];
        yield return [.. Question[..12], 0xC0, 14, 0xC0, 12, 0, 1, 0, 1];
        yield return [.. Question[..12], 0xFF, 0xFF, 0, 1, 0, 1];
        yield return [.. Question[..12], 63, .. "short"u8];
        yield return [.. Question[..4], 0, 0, .. Question[6..12]];
        yield return [.. Question[..4], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Question[12..]];
        yield return [.. Question[..2], 0xFF, 0xFF, .. Question[4..]];
        yield return [.. Question[..12], .. Enumerable.Repeat((byte[])[1, (byte)'a'], 200).SelectMany(l => l), 0, 0, 1, 0, 1];
        foreach (byte[] random in Random(randomCount))
        {
            yield return random;
            yield return [.. Question[..12], .. random];
        }
    }

    /// <summary>Every first byte is some message's type.</summary>
    public static IEnumerable<byte[]> GossipMessages(int randomCount)
    {
        foreach (byte[] random in Random(randomCount))
        {
            for (int type = 0; type < 16; type++)
            {
                yield return [(byte)type, .. random];
            }

            yield return [244, .. random];
            yield return [9, 0x82, 0xA4, .. "Algo"u8, 0, 0xA3, .. "Buf"u8, 0xDA, 0xFF, 0xFF, .. random];
            yield return [6, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF, .. random];
        }
    }

    /// <summary>What may arrive on a port that speaks neither HTTP nor TLS nor whatever else somebody took it for.</summary>
    public static IEnumerable<byte[]> Streams(int randomCount)
    {
        yield return "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();
        yield return [0x16, 3, 1, 0, 0xA5, 1, 0, 0, 0xA1, 3, 3, .. new byte[160]];
        yield return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new byte[100]];
        yield return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0xFF, 0xFF, 0xFF, 1, 4, 0, 0, 0, 1];
        yield return Encoding.ASCII.GetBytes(new string('\n', 10_000));
        yield return [6, 0xDE, 0xFF, 0xFF];
        yield return [6, 0x83, 0xA5, .. "Nodes"u8, 0xCE, 0x7F, 0xFF, 0xFF, 0xFF, 0xAC, .. "UserStateLen"u8, 0xCE, 0x7F, 0xFF, 0xFF, 0xFF, 0xA4, .. "Join"u8, 0xC3];
        yield return [10, 0x7F, 0xFF, 0xFF, 0xFF];
        yield return [0xFF, 0xFF, 0xFF, 0xFF];
        yield return [0xFF, 0xFF, .. Question];
        yield return [0, 1, 0];
        yield return [0, 0, 0, 0];
        foreach (byte[] random in Random(randomCount))
        {
            yield return random;
        }
    }

    public static async Task SendDatagramsAsync(int port, IEnumerable<byte[]> packets)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = new IPEndPoint(IPAddress.Loopback, port);
        foreach (byte[] packet in packets)
        {
            await socket.SendToAsync(packet, SocketFlags.None, target);
        }
    }

    /// <summary>Each on a connection of its own, half of them kept open until all have been sent.</summary>
    public static async Task SendStreamsAsync(int port, IEnumerable<byte[]> streams)
    {
        var open = new List<Socket>();
        try
        {
            foreach (byte[] stream in streams)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                open.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, port);
                    await socket.SendAsync(stream);
                    if (open.Count % 2 == 0)
                    {
                        socket.Shutdown(SocketShutdown.Both);
                    }
                }
                catch (SocketException)
                {
                    // Closed on us: as good an answer as any.
                }
            }
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    private static IEnumerable<byte[]> Random(int count)
    {
        var random = new Random(Seed);
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = new byte[random.Next(1, DatagramBytesMax)];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }
}
