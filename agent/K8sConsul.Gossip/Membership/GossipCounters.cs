namespace K8sConsul.Gossip;

/// <summary>What a pool's core has done since its start; a shell compares two of them to know what happened in between.</summary>
/// <param name="Alive">Alive messages that changed something.</param>
/// <param name="Suspect">Suspect messages that did.</param>
/// <param name="Dead">Dead messages that did.</param>
/// <param name="GossipRounds">Rounds of dissemination.</param>
/// <param name="Probes">Probes that have ended.</param>
/// <param name="LastProbe">How long the last of them took.</param>
public readonly record struct GossipCounters(long Alive, long Suspect, long Dead, long GossipRounds, long Probes, TimeSpan LastProbe);
