using System.Net;
using K8sConsul.Agent.Dns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>Our server on a free port of the loopback.</summary>
internal sealed class OurDns : IAsyncDisposable
{
    private readonly DnsServer _server;

    private OurDns(DnsServer server, DnsResponder responder, CountingMetrics metrics)
    {
        _server = server;
        Responder = responder;
        Metrics = metrics;
    }

    public IPEndPoint EndPoint => _server.Addresses[0];

    public DnsServer Server => _server;

    public DnsResponder Responder { get; }

    public CountingMetrics Metrics { get; }

    public static OurDns Start(
        IDnsCatalog catalog,
        DnsOptions? options = null,
        DnsServerLimits? limits = null,
        IPEndPoint? address = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        time ??= TimeProvider.System;
        logger ??= NullLogger.Instance;
        var metrics = new CountingMetrics();
        var responder = new DnsResponder(catalog, new Recursor(time, logger), metrics, Configure(options ?? new DnsOptions()), time, 1, logger);
        var server = DnsServer.Start(
            [address ?? new IPEndPoint(IPAddress.Loopback, 0)],
            responder,
            limits ?? new DnsServerLimits(),
            time,
            1,
            logger);
        return new OurDns(server, responder, metrics);
    }

    public static DnsConfiguration Configure(DnsOptions options)
        => DnsConfiguration.TryCreate(options, out DnsConfiguration? configuration, out string? error)
            ? configuration
            : throw new InvalidOperationException(error);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed class CountingMetrics : IDnsMetrics
{
    private int _domain;
    private int _reverse;
    private int _stale;

    public int Domain => _domain;

    public int Reverse => _reverse;

    public int Stale => _stale;

    public void DomainQuery(TimeSpan elapsed) => Interlocked.Increment(ref _domain);

    public void PtrQuery(TimeSpan elapsed) => Interlocked.Increment(ref _reverse);

    public void StaleQuery() => Interlocked.Increment(ref _stale);
}
