using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>One plain HTTP/1.1 exchange per connection, straight on the system's sockets. Linux only.</summary>
/// <remarks>
/// For programs that ask once and end. SocketsHttpHandler takes some 45 ms to start in a fresh process, mostly in the just-in-time
/// compiler; this takes 2 ms, and <c>consul kv get</c> is measured against a Go program that takes 25 in all.
/// </remarks>
internal sealed class DirectTransport : ITransport
{
    private const int CopyBufferBytes = 64 * 1024;

    private readonly ConsulAddress _address;

    public DirectTransport(ConsulAddress address)
    {
        _address = address;
    }

    public static bool CanReach(ConsulAddress address)
    {
        return OperatingSystem.IsLinux() && !address.IsTls;
    }

    public TransportAnswer Send(TransportRequest request)
    {
        FileStream socket = DirectSocket.Connect(_address);
        try
        {
            IOException? writeFailure = Write(socket, request);
            return ReadAnswer(socket, writeFailure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>A server may refuse and close before it has read everything; its answer then counts, and not our broken pipe.</summary>
    private IOException? Write(FileStream socket, TransportRequest request)
    {
        try
        {
            ReadOnlySpan<byte> head = Head(request);
            if (request.Body is { Length: > 0 } body)
            {
                byte[] whole = new byte[head.Length + body.Length];
                head.CopyTo(whole);
                body.Span.CopyTo(whole.AsSpan(head.Length));
                socket.Write(whole);
                return null;
            }

            socket.Write(head);
            if (request.BodyStream is not null)
            {
                WriteChunks(socket, request.BodyStream);
            }

            return null;
        }
        catch (IOException failure)
        {
            return failure;
        }
    }

    private byte[] Head(TransportRequest request)
    {
        var head = new StringBuilder(256);
        head.Append(request.Method).Append(' ').Append(request.Target).Append(" HTTP/1.1\r\nHost: ");
        head.Append(_address.SocketPath is null ? _address.Authority : _address.Host).Append("\r\n");
        foreach (KeyValuePair<string, string> header in request.Headers.All)
        {
            head.Append(header.Key).Append(": ").Append(header.Value).Append("\r\n");
        }

        if (request.BodyStream is not null)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (request.Body is { } body)
        {
            head.Append("Content-Length: ").Append(body.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        }

        head.Append("Connection: close\r\n\r\n");
        return ToLatin1(head.ToString());
    }

    /// <summary>What <see cref="Encoding.Latin1"/> does, without its vectors: those are compiled anew at each start of a program.</summary>
    private static byte[] ToLatin1(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] <= byte.MaxValue ? (byte)text[i] : (byte)'?';
        }

        return bytes;
    }

    private static void WriteChunks(FileStream socket, Stream body)
    {
        byte[] buffer = new byte[CopyBufferBytes];
        int count;
        while ((count = body.Read(buffer)) > 0)
        {
            socket.Write(Encoding.ASCII.GetBytes(count.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            socket.Write(buffer.AsSpan(0, count));
            socket.Write("\r\n"u8);
        }

        socket.Write("0\r\n\r\n"u8);
    }

    private TransportAnswer ReadAnswer(FileStream socket, IOException? writeFailure)
    {
        var input = new SocketInput(socket);
        try
        {
            AnswerHead head = AnswerHead.Read(input);
            return new TransportAnswer(head.StatusCode, head.Headers, AnswerBody.For(head, input));
        }
        catch (EndOfStreamException failure)
        {
            throw new TransportException(writeFailure is null ? "EOF" : Broken("write", writeFailure), failure);
        }
        catch (InvalidDataException failure)
        {
            throw new TransportException($"net/http: HTTP/1.x transport connection broken: {failure.Message}", failure);
        }
        catch (IOException failure)
        {
            throw new TransportException(Broken(writeFailure is null ? "read" : "write", writeFailure ?? failure), failure);
        }
    }

    private string Broken(string operation, IOException failure)
    {
        string peer = _address.SocketPath is null ? $"tcp {_address.DialText}" : $"unix {_address.SocketPath}";
        return $"{operation} {peer}: {operation}: {GoErrors.OfFile(failure)}";
    }
}
