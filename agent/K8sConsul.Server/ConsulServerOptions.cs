using System.Net;
using K8sConsul.Go;
using K8sConsul.Server.Consensus;
using K8sConsul.State.Records;

namespace K8sConsul.Server;

/// <summary>What a server is told by its agent. Defaults are Consul's; names in brackets are its configuration keys.</summary>
public sealed record ConsulServerOptions
{
    public required string NodeName { get; init; }

    public required string NodeId { get; init; }

    public required string Datacenter { get; init; }

    /// <summary>Where the RPC port listens (<c>bind_addr</c>, <c>ports.server</c>).</summary>
    public required IPEndPoint RpcBind { get; init; }

    /// <summary>What other servers reach that port at (<c>advertise_addr</c>).</summary>
    public required IPEndPoint RpcAdvertise { get; init; }

    /// <summary>Below it stand log and snapshots; null keeps everything in memory (<c>-dev</c>).</summary>
    public string? DataDirectory { get; init; }

    public required RaftHostOptions Raft { get; init; }

    /// <summary>Become a cluster of one when there is no log yet.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>Servers to wait for before the first election; 0 waits to be added to a cluster.</summary>
    public int BootstrapExpect { get; init; }

    /// <summary>How long calls wait for a leader (<c>performance.rpc_hold_timeout</c>).</summary>
    public TimeSpan RpcHoldTimeout { get; init; } = TimeSpan.FromSeconds(7);

    public TimeSpan DefaultQueryTime { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan MaxQueryTime { get; init; } = TimeSpan.FromSeconds(600);

    public GoDuration SessionTtlMin { get; init; } = new(10_000_000_000);

    public long KvValueBytesMax { get; init; } = 512 * 1024;

    public long TxnBytesMax { get; init; } = 512 * 1024;

    /// <summary>How long gathered coordinates wait to be stored.</summary>
    public TimeSpan CoordinatePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the first leader of a cluster starts autopilot with (<c>autopilot</c>); later its API decides.</summary>
    public AutopilotRecord Autopilot { get; init; } = new();
}
