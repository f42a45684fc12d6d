namespace K8sConsul.State.Records;

/// <summary>What happens to the keys a session holds when it ends.</summary>
public static class SessionBehavior
{
    public const string Release = "release";
    public const string Delete = "delete";
}

/// <summary>A check of a service that a session depends on.</summary>
public readonly record struct SessionServiceCheck(string Id, string Namespace);

/// <summary>A lease that can hold keys as locks; it ends with its node, its checks, its TTL or by request.</summary>
public sealed record SessionRecord
{
    public required string Id { get; init; }

    public string Name { get; init; } = string.Empty;

    public required string Node { get; init; }

    /// <summary>How long keys that the session held cannot be acquired after it was invalidated. 15 s unless given.</summary>
    public TimeSpan LockDelay { get; init; }

    public string Behavior { get; init; } = SessionBehavior.Release;

    /// <summary>The text as given, e.g. <c>30s</c>; empty for none.</summary>
    public string Ttl { get; init; } = string.Empty;

    public IReadOnlyList<string> NodeChecks { get; init; } = [];

    public IReadOnlyList<SessionServiceCheck> ServiceChecks { get; init; } = [];

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    /// <summary>All checks, of the node and of services, whose failure ends the session.</summary>
    public IEnumerable<string> CheckIds()
    {
        foreach (string check in NodeChecks)
        {
            yield return check;
        }

        foreach (SessionServiceCheck check in ServiceChecks)
        {
            yield return check.Id;
        }
    }
}
