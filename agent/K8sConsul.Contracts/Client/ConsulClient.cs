using System.Text;
using K8sConsul.Contracts.Client.Transport;
using K8sConsul.Go;

namespace K8sConsul.Contracts.Client;

/// <summary>Sends requests to one agent. Safe for use from many threads at once.</summary>
/// <remarks>
/// <see cref="Send{T}"/> is for programs that ask and end; <see cref="SendAsync{T}"/> pools its connections and is for those that stay.
/// Neither sets a deadline: a blocking query may take ten minutes.
/// </remarks>
public sealed class ConsulClient : IDisposable
{
    private const int RedirectsMax = 10;

    /// <summary>Error bodies are read whole for the message.</summary>
    private const int ErrorBytesMax = 1024 * 1024;

    private readonly ConsulAddress _address;
    private readonly ConsulClientOptions _options;
    private readonly ClientTls? _tls;
    private readonly string _token;
    private readonly Lock _pooledGate = new();
    private readonly ITransport? _direct;
    private HandlerTransport? _pooled;

    private ConsulClient(ConsulAddress address, ConsulClientOptions options, ClientTls? tls, string token)
    {
        _address = address;
        _options = options.UseEnvironmentProxy && address.IsThisHost ? options with { UseEnvironmentProxy = false } : options;
        _tls = tls;
        _token = token;
        _direct = !_options.UseEnvironmentProxy && DirectTransport.CanReach(address) ? new DirectTransport(address) : null;
    }

    /// <summary>Reads the files the options name and makes a client; nothing is sent yet.</summary>
    /// <param name="options">How the agent is reached.</param>
    /// <param name="error">Consul's text, such as <c>Unknown protocol scheme: ftp</c>; empty when made.</param>
    public static ConsulClient? TryCreate(ConsulClientOptions options, out string error)
    {
        ClientTls? tls = null;
        error = string.Empty;
        if (ClientTls.IsWanted(options))
        {
            tls = ClientTls.TryLoad(options, out error);
            if (tls is null)
            {
                return null;
            }
        }

        ConsulAddress? address = ConsulAddress.TryParse(options.Address, options.UseTls, out error);
        if (address is null)
        {
            return null;
        }

        string? token = options.TokenFile.Length == 0 ? options.Token : TokenFiles.TryRead(options, out error);
        if (token is null)
        {
            return null;
        }

        if (address.IsTls && tls is null)
        {
            tls = ClientTls.TryLoad(options, out error);
        }

        return error.Length > 0 ? null : new ConsulClient(address, options, tls, token);
    }

    /// <summary>Sends and waits, holding the thread.</summary>
    /// <exception cref="ConsulException">No answer, or one that this request does not know.</exception>
    public ConsulReply<T> Send<T>(ConsulRequest<T> request)
    {
        TransportRequest outgoing = ToTransport(request);
        TransportAnswer answer = Exchange(outgoing);
        try
        {
            return Understand(request, answer, BoundedRead.ToEnd(answer.Body, ConsulAnswer.BodyBytesMax));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw new ConsulException(failure.Message, failure);
        }
        finally
        {
            answer.Dispose();
        }
    }

    /// <inheritdoc cref="Send{T}"/>
    public async ValueTask<ConsulReply<T>> SendAsync<T>(ConsulRequest<T> request, CancellationToken cancellationToken)
    {
        TransportRequest outgoing = ToTransport(request);
        using TransportAnswer answer = await ExchangeAsync(outgoing, cancellationToken).ConfigureAwait(false);
        try
        {
            byte[] body = await BoundedRead.ToEndAsync(answer.Body, ConsulAnswer.BodyBytesMax, cancellationToken).ConfigureAwait(false);
            return Understand(request, answer, body);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or HttpRequestException)
        {
            throw new ConsulException(failure.Message, failure);
        }
    }

    /// <summary>Returns when the agent has answered 200; the body is still to be read.</summary>
    /// <exception cref="ConsulException">No answer, or another status.</exception>
    public ConsulStream Open(ConsulStreamRequest request)
    {
        TransportAnswer answer = Exchange(ToTransport(request));
        if (answer.StatusCode == 200)
        {
            return new ConsulStream(answer);
        }

        using (answer)
        {
            throw ConsulException.UnexpectedCode(answer.StatusCode, ErrorText(BoundedRead.ToEnd(answer.Body, ErrorBytesMax)));
        }
    }

    /// <inheritdoc cref="Open"/>
    public async ValueTask<ConsulStream> OpenAsync(ConsulStreamRequest request, CancellationToken cancellationToken)
    {
        TransportAnswer answer = await ExchangeAsync(ToTransport(request), cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == 200)
        {
            return new ConsulStream(answer);
        }

        using (answer)
        {
            byte[] body = await BoundedRead.ToEndAsync(answer.Body, ErrorBytesMax, cancellationToken).ConfigureAwait(false);
            throw ConsulException.UnexpectedCode(answer.StatusCode, ErrorText(body));
        }
    }

    public void Dispose()
    {
        _direct?.Dispose();
        _pooled?.Dispose();
    }

    private static ConsulReply<T> Understand<T>(ConsulRequest<T> request, TransportAnswer answer, byte[] body)
    {
        var whole = new ConsulAnswer(answer.StatusCode, answer.Headers, body);
        return new ConsulReply<T>(request.Read(whole), whole.Meta());
    }

    private static string ErrorText(byte[] body)
    {
        return Encoding.UTF8.GetString(body);
    }

    private TransportRequest ToTransport<T>(ConsulRequest<T> request)
    {
        string shown = TargetOf(request.Path, request.Query);
        return new TransportRequest
        {
            Method = request.Method,
            Target = request.UnshownFlag.Length == 0 ? shown : TargetOf(request.Path, request.Query.WithDefault(request.UnshownFlag, string.Empty)),
            ShownTarget = shown,
            Headers = Headers(),
            Body = request.Body ?? (request.Method is "PUT" or "POST" ? ReadOnlyMemory<byte>.Empty : null),
        };
    }

    private TransportRequest ToTransport(ConsulStreamRequest request)
    {
        string target = TargetOf(request.Path, request.Query);
        return new TransportRequest
        {
            Method = request.Method,
            Target = target,
            ShownTarget = target,
            Headers = Headers(),
            BodyStream = request.Body,
        };
    }

    private string TargetOf(string path, QueryString query)
    {
        var target = new StringBuilder(_address.PathPrefix, path.Length + 32);
        target.Append(GoUrlEscape.Path(path));
        WithDefaults(query).AppendTo(target);
        return target.ToString();
    }

    private QueryString WithDefaults(QueryString query)
    {
        query = _options.Datacenter.Length == 0 ? query : query.WithDefault("dc", _options.Datacenter);
        return _options.Namespace.Length == 0 ? query : query.WithDefault("ns", _options.Namespace);
    }

    private HeaderList Headers()
    {
        var headers = new HeaderList();
        headers.Add("User-Agent", "K8sConsul");
        if (_token.Length > 0)
        {
            headers.Add("X-Consul-Token", _token);
        }

        if (_options.BasicAuth is { } basic)
        {
            string pair = basic.Contains(':', StringComparison.Ordinal) ? basic : basic + ":";
            headers.Add("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        return headers;
    }

    private TransportAnswer Exchange(TransportRequest request)
    {
        ITransport transport = _direct ?? Pooled();
        for (int redirects = 0; ; redirects++)
        {
            try
            {
                TransportAnswer answer = transport.Send(request);
                if (redirects == RedirectsMax || Redirects.Next(request, answer) is not { } next)
                {
                    return answer;
                }

                answer.Dispose();
                request = next;
            }
            catch (TransportException failure)
            {
                throw Explain(request, failure);
            }
        }
    }

    private async ValueTask<TransportAnswer> ExchangeAsync(TransportRequest request, CancellationToken cancellationToken)
    {
        HandlerTransport transport = Pooled();
        for (int redirects = 0; ; redirects++)
        {
            try
            {
                TransportAnswer answer = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (redirects == RedirectsMax || Redirects.Next(request, answer) is not { } next)
                {
                    return answer;
                }

                answer.Dispose();
                request = next;
            }
            catch (TransportException failure)
            {
                throw Explain(request, failure);
            }
        }
    }

    private ConsulException Explain(TransportRequest request, TransportException failure)
    {
        string target = request.ShownTarget[_address.PathPrefix.Length..];
        string verb = request.Method[0] + request.Method[1..].ToLowerInvariant();
        return new ConsulException($"{verb} \"{_address.BaseUrl}{target}\": {failure.Message}", failure);
    }

    private HandlerTransport Pooled()
    {
        lock (_pooledGate)
        {
            return _pooled ??= new HandlerTransport(_address, _options, _tls);
        }
    }
}
