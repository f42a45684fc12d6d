using System.Globalization;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;

namespace K8sConsul.Cli;

/// <summary>The environment variables that say how the agent is reached. Empty counts as not set.</summary>
internal sealed class ClientEnvironment(Terminal terminal)
{
    public string Address => Get("CONSUL_HTTP_ADDR", ConsulClientOptions.DefaultAddress);

    public string Token => Get("CONSUL_HTTP_TOKEN");

    public string TokenFile => Get("CONSUL_HTTP_TOKEN_FILE");

    public string? BasicAuth => Get("CONSUL_HTTP_AUTH") is { Length: > 0 } pair ? pair : null;

    public string CaFile => Get("CONSUL_CACERT");

    public string CaPath => Get("CONSUL_CAPATH");

    public string ClientCertFile => Get("CONSUL_CLIENT_CERT");

    public string ClientKeyFile => Get("CONSUL_CLIENT_KEY");

    public string TlsServerName => Get("CONSUL_TLS_SERVER_NAME");

    public string Namespace => Get("CONSUL_NAMESPACE");

    public bool UseTls => Switch("CONSUL_HTTP_SSL") == true;

    public bool SkipTlsVerification => Switch("CONSUL_HTTP_SSL_VERIFY") == false;

    public bool HasProxy => Get("HTTP_PROXY").Length > 0 || Get("http_proxy").Length > 0
        || Get("HTTPS_PROXY").Length > 0 || Get("https_proxy").Length > 0;

    private string Get(string name, string otherwise = "")
    {
        string? value = terminal.Environment(name);
        return string.IsNullOrEmpty(value) ? otherwise : value;
    }

    private bool? Switch(string name)
    {
        string text = Get(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (GoNumber.TryParseBool(text, out bool value))
        {
            return value;
        }

        string time = GoTime(terminal.Clock.GetLocalNow());
        string warning = $"{time} [WARN]  consul-api: could not parse {name}: error=\"{GoNumber.BoolError(text)}\"";

        // Consul's client reads its environment twice, and so warns twice.
        terminal.Error(warning);
        terminal.Error(warning);
        return null;
    }

    private static string GoTime(DateTimeOffset now)
    {
        string zone = now.Offset == TimeSpan.Zero ? "Z" : now.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", string.Empty, StringComparison.Ordinal);
        return now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + zone;
    }
}
