using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>One connection, given bytes as they are and read to its end: no client library between the test and the server.</summary>
internal static class RawHttp
{
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <summary>Both programs answer at once; a server that keeps the connection is seen by this silence.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>Sends the pieces, each in a packet of its own, and reads until the server closes.</summary>
    public static async Task<RawAnswer> ExchangeAsync(int port, params IReadOnlyList<byte[]> pieces)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        Task sending = SendAsync(socket, pieces);
        using var patience = new CancellationTokenSource(Silence);
        var received = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        bool closed = true;
        try
        {
            while (received.Length < AnswerBytesMax)
            {
                int count = await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
                if (count == 0)
                {
                    break;
                }

                received.Write(buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // Reset: the server did not read what was still coming.
        }
        catch (OperationCanceledException)
        {
            closed = false;
        }

        socket.Close();
        await sending;
        return RawAnswer.Parse(received.ToArray(), closed);
    }

    private static async Task SendAsync(Socket socket, IReadOnlyList<byte[]> pieces)
    {
        try
        {
            foreach (byte[] piece in pieces)
            {
                for (int sent = 0; sent < piece.Length;)
                {
                    sent += await socket.SendAsync(piece.AsMemory(sent), SocketFlags.None);
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The server had heard enough.
        }
    }
}

/// <param name="Status">0: not a word was said.</param>
/// <param name="Closed">Whether the server closed the connection by itself.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, bool Closed)
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Status} {(Closed ? string.Empty : "(left open) ")}[{Header("Content-Type")}] [{Header("Allow")}] [{Header("Location")}] {Shortened(Body)}");

    public static RawAnswer Parse(byte[] bytes, bool closed)
    {
        int end = bytes.AsSpan().IndexOf(HeadEnd);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (end < 0)
        {
            return new RawAnswer(0, headers, Encoding.Latin1.GetString(bytes), closed);
        }

        string[] lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        ReadOnlySpan<byte> body = bytes.AsSpan(end + 4);
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        string text = headers.GetValueOrDefault("Transfer-Encoding") == "chunked"
            ? Dechunk(body)
            : Encoding.UTF8.GetString(headers.TryGetValue("Content-Length", out string? length)
                ? body[..Math.Min(body.Length, int.Parse(length, CultureInfo.InvariantCulture))]
                : body);
        return new RawAnswer(status, headers, text, closed);
    }

    private static string Dechunk(ReadOnlySpan<byte> body)
    {
        var text = new MemoryStream();
        while (body.IndexOf("\r\n"u8) is var line and > 0)
        {
            int size = int.Parse(Encoding.ASCII.GetString(body[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text.Write(body.Slice(line + 2, size));
            body = body[(line + 2 + size + 2)..];
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Shortened(string text) => text.Length <= 600 ? text : string.Concat(text.AsSpan(0, 600), "…");
}
