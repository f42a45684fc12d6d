using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using K8sConsul.Go;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Pooled connections by .NET's own client: for programs that stay, for TLS and for proxies.</summary>
internal sealed class HandlerTransport : ITransport
{
    private readonly ConsulAddress _address;
    private readonly HttpMessageInvoker _invoker;
    private readonly string _serverName;
    private readonly bool _closeAfterRequest;

    public HandlerTransport(ConsulAddress address, ConsulClientOptions options, ClientTls? tls)
    {
        _address = address;
        _serverName = address.IsTls ? options.TlsServerName : string.Empty;
        var handler = new SocketsHttpHandler
        {
            // Redirects are ConsulClient's: Go follows a PUT with a GET, and .NET does not.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options.UseEnvironmentProxy && address.SocketPath is null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (options.ConnectTimeout is { } connect && connect > TimeSpan.Zero)
        {
            handler.ConnectTimeout = connect;
        }

        if (options.IdleConnectionTimeout is { } idle && idle > TimeSpan.Zero)
        {
            handler.PooledConnectionIdleTimeout = idle;
        }

        if (options.ConnectionsMax > 0)
        {
            handler.MaxConnectionsPerServer = options.ConnectionsMax;
        }

        _closeAfterRequest = options.CloseAfterRequest;
        if (tls is not null)
        {
            handler.SslOptions = tls.ToOptions(address.Host);
        }

        if (address.SocketPath is { } path)
        {
            handler.ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(ConnectUnix(path));
        }

        _invoker = new HttpMessageInvoker(handler);
    }

    public TransportAnswer Send(TransportRequest request)
    {
        using HttpRequestMessage message = ToMessage(request);
        try
        {
            HttpResponseMessage response = _invoker.Send(message, CancellationToken.None);
            return new TransportAnswer((int)response.StatusCode, HeadersOf(response), response.Content.ReadAsStream(), response);
        }
        catch (HttpRequestException failure)
        {
            throw Explain(failure);
        }
    }

    public async ValueTask<TransportAnswer> SendAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = ToMessage(request);
        try
        {
            HttpResponseMessage response = await _invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new TransportAnswer((int)response.StatusCode, HeadersOf(response), body, response);
        }
        catch (HttpRequestException failure)
        {
            throw Explain(failure);
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
    }

    private HttpRequestMessage ToMessage(TransportRequest request)
    {
        if (_address.SocketPath is null && _address.Authority.Length == 0)
        {
            throw new TransportException("http: no Host in request URL");
        }

        if (_address.Port is null)
        {
            throw new TransportException($"dial tcp: address {_address.PortText}: invalid port");
        }

        // The target is escaped already, and ".." in a key is the agent's to judge.
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        string origin = $"{(_address.IsTls ? "https" : "http")}://{(_address.SocketPath is null ? _address.DialText : _address.Host)}";
        if (!Uri.TryCreate(origin + request.Target, asIs, out Uri? uri))
        {
            throw HostLookup.NoSuchHost(_address.Host);
        }

        var message = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (_serverName.Length > 0)
        {
            // SocketsHttpHandler takes the name for SNI, and for the certificate, from this header and from nowhere else.
            message.Headers.Host = _serverName;
        }

        if (_closeAfterRequest)
        {
            message.Headers.ConnectionClose = true;
        }

        foreach (KeyValuePair<string, string> header in request.Headers.All)
        {
            message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (request.BodyStream is not null)
        {
            message.Content = new StreamContent(new Undisposed(request.BodyStream));
            message.Headers.TransferEncodingChunked = true;
        }
        else if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
        }

        return message;
    }

    private static HeaderList HeadersOf(HttpResponseMessage response)
    {
        var headers = new HeaderList();
        Copy(response.Headers.NonValidated, headers);
        Copy(response.Content.Headers.NonValidated, headers);
        return headers;
    }

    private static void Copy(HttpHeadersNonValidated source, HeaderList target)
    {
        foreach (KeyValuePair<string, HeaderStringValues> header in source)
        {
            foreach (string value in header.Value)
            {
                target.Add(header.Key, value);
            }
        }
    }

    private static NetworkStream ConnectUnix(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private TransportException Explain(HttpRequestException failure)
    {
        string target = _address.SocketPath is null ? $"tcp {_address.DialText}" : $"unix {_address.SocketPath}";
        string text = failure.InnerException switch
        {
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                HostLookup.NoSuchHost(_address.Host).Message,
            // .NET knows no such socket error and names another.
            SocketException when _address.SocketPath is { } path && !File.Exists(path) => $"dial {target}: connect: no such file or directory",
            SocketException socket => $"dial {target}: connect: {GoErrors.OfSocket(socket)}",
            CertificateRefusedException refused => refused.Message,
            AuthenticationException tls => ClientTls.Explain(tls),
            HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "EOF",
            IOException { InnerException: SocketException socket } => $"read {target}: read: {GoErrors.OfSocket(socket)}",
            _ => failure.Message,
        };
        return new TransportException(text, failure);
    }

    /// <summary>StreamContent disposes its stream; the caller's stays the caller's.</summary>
    private sealed class Undisposed(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            return inner.Read(buffer, offset, count);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin)
        {
            throw new NotSupportedException();
        }

        public override void SetLength(long value)
        {
            throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            throw new NotSupportedException();
        }
    }
}
