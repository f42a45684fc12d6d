using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>Sends raw messages and gives back the octets that come.</summary>
internal static class DnsClient
{
    public static byte[] Query(string name, RRType type, ushort? udpSize = null, bool recursionDesired = true)
    {
        byte[] buffer = new byte[QueryWriter.LengthMax];
        int length = QueryWriter.Write(buffer, 0x1234, DomainName.Parse(name), type, recursionDesired, udpSize);
        return buffer[..length];
    }

    /// <summary>Asks over UDP.</summary>
    /// <returns>Null when nothing came in time.</returns>
    public static async Task<byte[]?> AskUdpAsync(IPEndPoint server, byte[] query, int timeoutMs = 5000)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server);
        await socket.SendAsync(query);
        byte[] reply = new byte[65_535];
        using var timeout = new CancellationTokenSource(timeoutMs);
        try
        {
            return reply[..await socket.ReceiveAsync(reply, timeout.Token)];
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks over TCP, all queries on one connection, and reads one reply for each.</summary>
    public static async Task<byte[]?[]> AskTcpAsync(IPEndPoint server, params byte[][] queries)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server);
        NetworkStream stream = client.GetStream();
        foreach (byte[] query in queries)
        {
            byte[] framed = new byte[query.Length + 2];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
            query.CopyTo(framed, 2);
            await stream.WriteAsync(framed);
        }

        byte[]?[] replies = new byte[]?[queries.Length];
        using var timeout = new CancellationTokenSource(5000);
        byte[] prefix = new byte[2];
        for (int i = 0; i < queries.Length; i++)
        {
            try
            {
                await stream.ReadExactlyAsync(prefix, timeout.Token);
                byte[] reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(reply, timeout.Token);
                replies[i] = reply;
            }
            catch (IOException)
            {
                // The server has closed, with a reset when it had not read everything.
                break;
            }
        }

        return replies;
    }
}
