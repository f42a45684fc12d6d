using System.Text;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Status line and headers of an HTTP/1 answer.</summary>
internal sealed class AnswerHead
{
    /// <summary>Go's client stops at a megabyte too.</summary>
    private const int HeadBytesMax = 1024 * 1024;

    private AnswerHead(int statusCode, HeaderList headers)
    {
        StatusCode = statusCode;
        Headers = headers;
    }

    public int StatusCode { get; }

    public HeaderList Headers { get; }

    /// <exception cref="EndOfStreamException">The peer closed before the end of the head.</exception>
    /// <exception cref="InvalidDataException">It is not HTTP/1.</exception>
    public static AnswerHead Read(SocketInput input)
    {
        int left = HeadBytesMax;
        while (true)
        {
            string status = ReadLine(input, ref left);
            int code = StatusOf(status);
            var headers = new HeaderList();
            string line;
            while ((line = ReadLine(input, ref left)).Length > 0)
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0)
                {
                    throw new InvalidDataException($"malformed MIME header line: {line}");
                }

                headers.Add(line[..colon], line[(colon + 1)..].Trim());
            }

            // 100 Continue and its kind come before the answer.
            if (code >= 200)
            {
                return new AnswerHead(code, headers);
            }
        }
    }

    private static int StatusOf(string line)
    {
        bool isHttp1 = line.StartsWith("HTTP/1.", StringComparison.Ordinal) && line.Length >= 12 && line[8] == ' ';
        int code = 0;
        for (int i = 9; isHttp1 && i < 12; i++)
        {
            isHttp1 = char.IsAsciiDigit(line[i]);
            code = (code * 10) + (line[i] - '0');
        }

        return isHttp1 ? code : throw new InvalidDataException($"malformed HTTP response \"{line}\"");
    }

    private static string ReadLine(SocketInput input, ref int left)
    {
        var line = new StringBuilder(64);
        while (true)
        {
            int unit = input.ReadByte();
            if (unit < 0)
            {
                throw new EndOfStreamException();
            }

            if (--left < 0)
            {
                throw new InvalidDataException($"the head has more than the {HeadBytesMax} bytes allowed");
            }

            if (unit == '\n')
            {
                if (line.Length > 0 && line[^1] == '\r')
                {
                    line.Length--;
                }

                return line.ToString();
            }

            line.Append((char)unit);
        }
    }
}
