using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Go;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace K8sConsul.TemplateRunner.Status;

/// <summary><c>/health</c> and <c>/metrics</c>, for probes and scrapers.</summary>
internal sealed class StatusServer : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    private const int ConnectionsMax = 32;

    private readonly KestrelServer _server;
    private readonly RunStatus _status;

    private StatusServer(KestrelServer server, RunStatus status)
    {
        _server = server;
        _status = status;
    }

    /// <summary>Listens from now on.</summary>
    /// <param name="address"><c>host:port</c> with an IP address; without a host it is every address.</param>
    /// <param name="status">What is told.</param>
    /// <returns>Null with the reason when it cannot.</returns>
    public static async Task<(StatusServer? Server, string Error)> StartAsync(string address, RunStatus status)
    {
        string full = address.StartsWith(':') ? "0.0.0.0" + address : address;
        if (!IPEndPoint.TryParse(full, out IPEndPoint? endPoint) || endPoint.Port == 0)
        {
            return (null, $"http: {GoText.Quote(address)} is no address with a port, such as 127.0.0.1:9102");
        }

        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = ConnectionsMax;
        options.Limits.MaxRequestBodySize = 0;
        options.Listen(endPoint, static listen => listen.Protocols = HttpProtocols.Http1);
        var server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        var started = new StatusServer(server, status);
        try
        {
            await server.StartAsync(started, CancellationToken.None).ConfigureAwait(false);
            return (started, string.Empty);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            server.Dispose();
            return (null, $"http: listen tcp {endPoint}: {Reason(failure)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        _server.Dispose();
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        (int status, string type, string body) = request.Path switch
        {
            _ when request.Method is not ("GET" or "HEAD") => (StatusCodes.Status405MethodNotAllowed, "text/plain", "GET /health or GET /metrics\n"),
            "/health" when _status.IsReady => (StatusCodes.Status200OK, "text/plain", "ok\n"),
            "/health" => (StatusCodes.Status503ServiceUnavailable, "text/plain", "not every template was rendered yet\n"),
            "/metrics" => (StatusCodes.Status200OK, "text/plain; version=0.0.4", _status.Metrics()),
            _ => (StatusCodes.Status404NotFound, "text/plain", "there are /health and /metrics\n"),
        };
        byte[] content = Encoding.UTF8.GetBytes(body);
        response.StatusCode = status;
        response.Headers.ContentType = type + "; charset=utf-8";
        response.Headers.ContentLength = content.Length;
        if (request.Method != "HEAD")
        {
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(content).ConfigureAwait(false);
        }
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // The features belong to the connection.
    }

    private static string Reason(Exception failure) => failure switch
    {
        { InnerException: AddressInUseException } => "bind: address already in use",
        SocketException socket => GoErrors.OfSocket(socket),
        { InnerException: SocketException socket } => GoErrors.OfSocket(socket),
        _ => failure.Message,
    };
}
