namespace K8sConsul.State.Records;

/// <summary>The texts of a check's status. The catalog keeps whatever text a registration gives.</summary>
public static class CheckStatus
{
    public const string Passing = "passing";
    public const string Warning = "warning";
    public const string Critical = "critical";
}

/// <summary>What a catalog registration says about how a check is run. Agents do not send theirs.</summary>
public sealed record CheckDefinitionRecord
{
    public string Http { get; init; } = string.Empty;

    public bool TlsSkipVerify { get; init; }

    /// <summary>Names as given, values in order; ordered by name.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Header { get; init; } = [];

    public string Method { get; init; } = string.Empty;

    public string Body { get; init; } = string.Empty;

    public string Tcp { get; init; } = string.Empty;

    public IReadOnlyList<string> ScriptArgs { get; init; } = [];

    public string DockerContainerId { get; init; } = string.Empty;

    public string Shell { get; init; } = string.Empty;

    public string Grpc { get; init; } = string.Empty;

    public bool GrpcUseTls { get; init; }

    public string AliasNode { get; init; } = string.Empty;

    public string AliasService { get; init; } = string.Empty;

    public TimeSpan Ttl { get; init; }

    /// <summary>Bytes of output to keep; 0 for the default.</summary>
    public ulong OutputMaxSize { get; init; }

    public TimeSpan Interval { get; init; }

    public TimeSpan Timeout { get; init; }

    public TimeSpan DeregisterCriticalServiceAfter { get; init; }

    private static readonly CheckDefinitionRecord _empty = new();

    /// <summary>The kind of check that this stands for, in Consul's order of preference; empty where what the kind needs is missing.</summary>
    public string Kind
    {
        get
        {
            bool repeats = Interval > TimeSpan.Zero;
            bool runsProgram = repeats && ScriptArgs.Count > 0;
            return repeats && Grpc.Length > 0 ? "grpc"
                : repeats && Http.Length > 0 ? "http"
                : Ttl > TimeSpan.Zero ? "ttl"
                : repeats && Tcp.Length > 0 ? "tcp"
                : AliasNode.Length > 0 || AliasService.Length > 0 ? "alias"
                : runsProgram && DockerContainerId.Length > 0 ? "docker"
                : runsProgram ? "script"
                : string.Empty;
        }
    }

    /// <summary>None and one that says nothing are the same.</summary>
    public static bool Same(CheckDefinitionRecord? left, CheckDefinitionRecord? right)
    {
        left ??= _empty;
        right ??= _empty;
        if (left.Header.Count != right.Header.Count
            || !left.ScriptArgs.SequenceEqual(right.ScriptArgs, StringComparer.Ordinal)
            || left with { Header = right.Header, ScriptArgs = right.ScriptArgs } != right)
        {
            return false;
        }

        for (int i = 0; i < left.Header.Count; i++)
        {
            if (!string.Equals(left.Header[i].Key, right.Header[i].Key, StringComparison.Ordinal)
                || !left.Header[i].Value.SequenceEqual(right.Header[i].Value, StringComparer.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A health check of a node, or of one service instance on it.</summary>
public sealed record CheckRecord
{
    /// <summary>The check that says whether gossip sees the node alive.</summary>
    public const string SerfHealthId = "serfHealth";

    public required string Node { get; init; }

    public required string CheckId { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Status { get; init; } = CheckStatus.Critical;

    public string Notes { get; init; } = string.Empty;

    public string Output { get; init; } = string.Empty;

    /// <summary>Empty for a check of the node.</summary>
    public string ServiceId { get; init; } = string.Empty;

    public string ServiceName { get; init; } = string.Empty;

    public IReadOnlyList<string> ServiceTags { get; init; } = [];

    public string Type { get; init; } = string.Empty;

    public CheckDefinitionRecord? Definition { get; init; }

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    /// <summary>Equal in all that a registration can say; indexes apart.</summary>
    public bool IsSame(CheckRecord other) =>
        string.Equals(Node, other.Node, StringComparison.OrdinalIgnoreCase)
        && string.Equals(CheckId, other.CheckId, StringComparison.Ordinal)
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Status, other.Status, StringComparison.Ordinal)
        && string.Equals(Notes, other.Notes, StringComparison.Ordinal)
        && string.Equals(Output, other.Output, StringComparison.Ordinal)
        && string.Equals(ServiceId, other.ServiceId, StringComparison.Ordinal)
        && string.Equals(ServiceName, other.ServiceName, StringComparison.Ordinal)
        && ServiceTags.SequenceEqual(other.ServiceTags, StringComparer.Ordinal)
        && string.Equals(Type, other.Type, StringComparison.Ordinal)
        && CheckDefinitionRecord.Same(Definition, other.Definition);
}
