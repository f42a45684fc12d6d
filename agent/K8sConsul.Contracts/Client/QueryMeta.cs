using System.Globalization;

namespace K8sConsul.Contracts.Client;

/// <summary>What the headers say about an answer; zero where the endpoint sends none.</summary>
public sealed record QueryMeta
{
    /// <summary>For the next <see cref="QueryOptions.WaitIndex"/>. When it is smaller than the last one, start again at zero.</summary>
    public ulong LastIndex { get; init; }

    /// <summary>Since the answering server heard from the leader; zero on the leader.</summary>
    public TimeSpan LastContact { get; init; }

    public bool KnownLeader { get; init; }

    internal static QueryMeta Of(HeaderList headers)
    {
        return new QueryMeta
        {
            LastIndex = Number(headers, "X-Consul-Index"),
            LastContact = TimeSpan.FromMilliseconds(Number(headers, "X-Consul-LastContact")),
            KnownLeader = string.Equals(headers.Find("X-Consul-KnownLeader"), "true", StringComparison.Ordinal),
        };
    }

    private static ulong Number(HeaderList headers, string name)
    {
        return ulong.TryParse(headers.Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : 0;
    }
}

public readonly record struct ConsulReply<T>(T Value, QueryMeta Meta);
