using System.Text.Json;
using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary><c>meta.json</c> of a snapshot archive. The members' order is the file's.</summary>
public sealed class SnapshotMeta
{
    /// <summary>The format of <c>state.bin</c>'s framing; Consul knows 0 and 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary><c>term-index-unixmilliseconds</c>.</summary>
    public string ID { get; set; } = string.Empty;

    public ulong Index { get; set; }

    public ulong Term { get; set; }

    /// <summary>The peers in Raft's old form: MessagePack, base64 in the file.</summary>
    public byte[]? Peers { get; set; }

    public SnapshotRaftConfiguration Configuration { get; set; } = new();

    public ulong ConfigurationIndex { get; set; }

    /// <summary>Bytes of <c>state.bin</c>.</summary>
    public long Size { get; set; }
}

public sealed class SnapshotRaftConfiguration
{
    public List<SnapshotRaftServer>? Servers { get; set; } = [];
}

public sealed class SnapshotRaftServer
{
    /// <summary>0 voter, 1 non-voter, 2 staging.</summary>
    public int Suffrage { get; set; }

    public string ID { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;
}

/// <summary>Apart from <see cref="ConsulJsonContext"/>, so that reading an archive builds nothing else.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SnapshotMeta))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;
