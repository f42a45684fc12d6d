using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>One handler for each way of verifying servers, because all requests of a handler share it. Connections are never reused.</summary>
internal sealed class HttpProbeHandlers(ProbeTls tls) : IDisposable
{
    /// <summary>Server names are few in practice; with more than this, the oldest ways are made anew when needed.</summary>
    private const int HandlersMax = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(bool SkipVerify, string ServerName), HttpMessageInvoker> _handlers = [];

    public HttpMessageInvoker For(CheckDefinition check)
    {
        (bool, string) key = (check.TlsSkipVerify, check.TlsServerName);
        lock (_lock)
        {
            if (!_handlers.TryGetValue(key, out HttpMessageInvoker? invoker))
            {
                if (_handlers.Count >= HandlersMax)
                {
                    // Not disposed: requests may be under way. Without pooled connections nothing is left behind.
                    _handlers.Clear();
                }

                _handlers.Add(key, invoker = Create(check.TlsSkipVerify, check.TlsServerName));
            }

            return invoker;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (HttpMessageInvoker invoker in _handlers.Values)
            {
                invoker.Dispose();
            }

            _handlers.Clear();
        }
    }

    private HttpMessageInvoker Create(bool skipVerify, string serverName) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.Zero,
        PooledConnectionIdleTimeout = TimeSpan.Zero,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = async (context, stop) =>
        {
            string host = context.DnsEndPoint.Host.Trim('[', ']');
            Socket socket = await Dialer.ConnectAsync(host, context.DnsEndPoint.Port, stop).ConfigureAwait(false);
            NetworkStream stream = new(socket, ownsSocket: true);

            // A connection to a proxy is plain; the handler then makes the inner handshake itself.
            bool secure = string.Equals(context.InitialRequestMessage.RequestUri?.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
                && string.Equals(context.InitialRequestMessage.RequestUri!.IdnHost.Trim('[', ']'), host, StringComparison.OrdinalIgnoreCase);
            return secure
                ? await TlsDialer.AuthenticateAsync(stream, tls.For(serverName, skipVerify, host), stop).ConfigureAwait(false)
                : new GoErrorStream(stream, socket);
        },
    }, disposeHandler: true);
}
