using System.Globalization;
using System.Text;

namespace K8sConsul.Benchmarks.Load;

/// <summary>Makers of HTTP/1.1 requests.</summary>
internal static class Requests
{
    /// <summary>The same again and again.</summary>
    public static IRequests Get(string path) => new Same(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));

    /// <summary>Writes of keys <c>prefix/00000000</c> and on, each another, with a value of that many bytes.</summary>
    public static IRequests PutKeys(string prefix, int valueBytes, int first = 0) => new Puts(prefix, valueBytes, () => first++);

    /// <summary>Writes of the same keys again, in an order that is the same in every run.</summary>
    public static IRequests PutRandomKeys(string prefix, int valueBytes, int keys)
    {
        var random = new Random(keys);
        return new Puts(prefix, valueBytes, () => random.Next(keys));
    }

    /// <summary>The same datagram again and again; its first two bytes, the query's number, are the sender's.</summary>
    public static IRequests Datagram(byte[] bytes) => new Same(bytes);

    private sealed class Same(byte[] bytes) : IRequests
    {
        public ReadOnlySpan<byte> Next() => bytes;
    }

    private sealed class Puts : IRequests
    {
        private const int Digits = 8;

        private readonly byte[] _bytes;
        private readonly int _keyAt;
        private readonly Func<int> _next;
        private int _count;

        public Puts(string prefix, int valueBytes, Func<int> next)
        {
            string head = $"PUT /v1/kv/{prefix}/";
            string rest = string.Create(
                CultureInfo.InvariantCulture, $" HTTP/1.1\r\nHost: localhost\r\nContent-Length: {valueBytes}\r\n\r\n{new string('v', valueBytes)}");
            _bytes = Encoding.ASCII.GetBytes(head + new string('0', Digits) + rest);
            _keyAt = head.Length;
            _next = next;
        }

        /// <summary>No two values are the same, for to write what is there already changes nothing.</summary>
        public ReadOnlySpan<byte> Next()
        {
            Write(_next(), _bytes.AsSpan(_keyAt, Digits));
            Write(_count++, _bytes.AsSpan(^Digits..));
            return _bytes;
        }

        private static void Write(int value, Span<byte> digits)
        {
            for (int at = digits.Length - 1; at >= 0; at--)
            {
                digits[at] = (byte)('0' + (value % 10));
                value /= 10;
            }
        }
    }
}
