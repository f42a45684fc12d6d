namespace K8sConsul.TemplateRunner.Configuration;

public sealed record DeduplicateConfig
{
    public bool Enabled { get; init; }

    public string Prefix { get; init; } = "consul-template/dedup/";

    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan MaxStale { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan BlockQueryWait { get; init; } = TimeSpan.FromSeconds(60);
}
