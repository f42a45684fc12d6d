using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli;

/// <summary><c>consul kv get KEY</c> without flags and with an ordinary environment, which is how scripts call it: by the shortest way.</summary>
/// <remarks>See <see cref="QuickKvRead"/>. Where it does not apply, or does not succeed, nothing has been printed yet.</remarks>
internal static class QuickGet
{
    public static bool TryRun(string[] arguments)
    {
        if (arguments is not ["kv", "get", [not '-', ..] key] || !IsOrdinary())
        {
            return false;
        }

        string address = Get("CONSUL_HTTP_ADDR");
        ReadOnlySpan<byte> line = QuickKvRead.TryReadLine(
            address.Length == 0 ? ConsulClientOptions.DefaultAddress : address, Get("CONSUL_HTTP_TOKEN"), key);
        if (line.IsEmpty)
        {
            return false;
        }

        DescriptorStream.Open(1).Write(line);
        return true;
    }

    /// <summary>Nothing is set that asks for more than an address and a token.</summary>
    private static bool IsOrdinary()
    {
        return Get("CONSUL_HTTP_TOKEN_FILE").Length == 0 && Get("CONSUL_HTTP_AUTH").Length == 0 && Get("CONSUL_HTTP_SSL").Length == 0
            && Get("CONSUL_HTTP_SSL_VERIFY").Length == 0 && Get("CONSUL_CACERT").Length == 0 && Get("CONSUL_CAPATH").Length == 0
            && Get("CONSUL_CLIENT_CERT").Length == 0 && Get("CONSUL_CLIENT_KEY").Length == 0 && Get("CONSUL_NAMESPACE").Length == 0
            && Get("HTTP_PROXY").Length == 0 && Get("http_proxy").Length == 0;
    }

    private static string Get(string name)
    {
        return Environment.GetEnvironmentVariable(name) ?? string.Empty;
    }
}
