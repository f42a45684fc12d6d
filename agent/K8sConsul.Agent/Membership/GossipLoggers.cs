using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

/// <summary>Operators know a pool's two layers apart by their names.</summary>
/// <param name="Serf">Who came and went.</param>
/// <param name="Memberlist">Probes, packets and streams.</param>
public sealed record GossipLoggers(ILogger Serf, ILogger Memberlist);
