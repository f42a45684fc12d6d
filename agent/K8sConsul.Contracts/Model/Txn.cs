using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>One operation of <c>PUT /v1/txn</c>: exactly one member is set.</summary>
public sealed class TxnOperation
{
    /// <summary>The API takes no more operations in one transaction.</summary>
    public const int OperationsMax = 64;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TxnKvOperation? KV { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TxnNodeOperation? Node { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TxnServiceOperation? Service { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TxnCheckOperation? Check { get; set; }
}

public sealed class TxnKvOperation
{
    /// <summary>set, cas, lock, unlock, get, get-tree, check-index, check-session, check-not-exists, delete, delete-tree, delete-cas.</summary>
    public string Verb { get; set; } = string.Empty;

    public string Key { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Value { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Flags { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Index { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Session { get; set; }
}

public sealed class TxnNodeOperation
{
    public string Verb { get; set; } = string.Empty;

    public CatalogNode Node { get; set; } = new();
}

public sealed class TxnServiceOperation
{
    public string Verb { get; set; } = string.Empty;

    public string Node { get; set; } = string.Empty;

    public NodeService Service { get; set; } = new();
}

public sealed class TxnCheckOperation
{
    public string Verb { get; set; } = string.Empty;

    public HealthCheck Check { get; set; } = new();
}

/// <summary>What a transaction answers, applied (200) or refused (409).</summary>
public sealed class TxnResponse
{
    public List<TxnResult>? Results { get; set; }

    public List<TxnError>? Errors { get; set; }
}

public sealed class TxnResult
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KvPair? KV { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CatalogNode? Node { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NodeService? Service { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthCheck? Check { get; set; }
}

public sealed class TxnError
{
    public int OpIndex { get; set; }

    public string What { get; set; } = string.Empty;
}
