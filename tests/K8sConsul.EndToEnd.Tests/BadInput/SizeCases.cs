using System.Globalization;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>More than may be sent, announced or not.</summary>
internal static class SizeCases
{
    private const int ValueBytesMax = 512 * 1024;
    private const int TxnOperationsMax = 64;

    public static IEnumerable<HttpCase> All()
    {
        foreach (int size in (int[])[ValueBytesMax - 1, ValueBytesMax, ValueBytesMax + 1, ValueBytesMax + 1024, 4 * ValueBytesMax])
        {
            byte[] value = Filled(size);
            yield return HttpCase.Of($"a key with {size} bytes", "PUT", "/v1/kv/size/plain", value);
            yield return HttpCase.Chunked($"a key with {size} bytes in chunks", "PUT", "/v1/kv/size/chunked", [.. value.Chunk(60_000)]);
            yield return HttpCase.Of($"a transaction with a value of {size} bytes", "PUT", "/v1/txn", Transaction("size/txn", value));
            yield return HttpCase.Chunked($"a transaction with a value of {size} bytes in chunks", "PUT", "/v1/txn", [.. Transaction("size/txn2", value).Chunk(60_000)]);
            yield return HttpCase.Of($"a check's output of {size} bytes", "PUT", "/v1/agent/check/update/nosuch", "{\"Output\":\"" + Encoding.ASCII.GetString(value) + "\"}");
        }

        foreach (int count in (int[])[TxnOperationsMax, TxnOperationsMax + 1, 10 * TxnOperationsMax])
        {
            string operations = string.Join(',', Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $$$"""{"KV":{"Verb":"delete","Key":"many/{{{i}}}"}}""")));
            yield return HttpCase.Of($"a transaction of {count} operations", "PUT", "/v1/txn", $"[{operations}]");
        }

        yield return HttpCase.Of("a transaction of nothing", "PUT", "/v1/txn", "[]");
        yield return new HttpCase("a length that lies, 10 bytes of 100", "PUT /v1/kv/size/short HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\nConnection: close\r\n\r\n0123456789"u8.ToArray());
        yield return HttpCase.Raw("a negative length", "PUT /v1/kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n");
        yield return HttpCase.Raw("a length in words", "PUT /v1/kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\nConnection: close\r\n\r\n0123456789");
        yield return HttpCase.Raw("two lengths", "PUT /v1/kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n01");
        yield return HttpCase.Raw("a length beyond 64 bits", "PUT /v1/kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\n01");
        yield return HttpCase.Raw("a terabyte announced for a key", "PUT /v1/kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1099511627776\r\nConnection: close\r\n\r\n01");
        yield return HttpCase.Raw("a terabyte announced for a transaction", "PUT /v1/txn HTTP/1.1\r\nHost: a\r\nContent-Length: 1099511627776\r\nConnection: close\r\n\r\n[]");
    }

    private static byte[] Filled(int size)
    {
        byte[] value = new byte[size];
        Array.Fill(value, (byte)'v');
        return value;
    }

    private static byte[] Transaction(string key, byte[] value) =>
        Encoding.ASCII.GetBytes($$$"""[{"KV":{"Verb":"set","Key":"{{{key}}}","Value":"{{{Convert.ToBase64String(value)}}}"}}]""");
}
