namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Limits of connections, under consul-template's names.</summary>
public sealed record TransportConfig
{
    public TimeSpan DialKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool DisableKeepAlives { get; init; }

    public TimeSpan IdleConnTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxIdleConns { get; init; }

    public int MaxIdleConnsPerHost { get; init; } = 100;

    public int MaxConnsPerHost { get; init; }

    public TimeSpan TlsHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
