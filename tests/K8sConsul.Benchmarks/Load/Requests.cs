using System.Globalization;
using System.Text;

namespace K8sConsul.Benchmarks.Load;

/// <summary>Makers of HTTP/1.1 requests.</summary>
internal static class Requests
{
    /// <summary>The same again and again.</summary>
    public static IRequests Get(string path) => new Same(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));

    /// <summary>Writes of keys <c>prefix/00000000</c> and on, each another, with a value of that many bytes.</summary>
    public static IRequests PutKeys(string prefix, int valueBytes) => new Puts(prefix, valueBytes);

    /// <summary>The same datagram again and again; its first two bytes, the query's number, are the sender's.</summary>
    public static IRequests Datagram(byte[] bytes) => new Same(bytes);

    private sealed class Same(byte[] bytes) : IRequests
    {
        public ReadOnlySpan<byte> Next() => bytes;
    }

    private sealed class Puts : IRequests
    {
        private const string Digits = "00000000";

        private readonly byte[] _bytes;
        private readonly int _digitsAt;
        private int _number;

        public Puts(string prefix, int valueBytes)
        {
            string head = $"PUT /v1/kv/{prefix}/";
            string rest = string.Create(
                CultureInfo.InvariantCulture, $" HTTP/1.1\r\nHost: localhost\r\nContent-Length: {valueBytes}\r\n\r\n{new string('v', valueBytes)}");
            _bytes = Encoding.ASCII.GetBytes(head + Digits + rest);
            _digitsAt = head.Length;
        }

        public ReadOnlySpan<byte> Next()
        {
            int value = _number++;
            for (int at = _digitsAt + Digits.Length - 1; at >= _digitsAt; at--)
            {
                _bytes[at] = (byte)('0' + (value % 10));
                value /= 10;
            }

            return _bytes;
        }
    }
}
