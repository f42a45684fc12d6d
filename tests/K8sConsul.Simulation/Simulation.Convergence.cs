using K8sConsul.Raft;
using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.World;
using K8sConsul.State.Snapshots;

namespace K8sConsul.Simulation;

/// <summary>The end of a run: everything heals, and within a bounded time all members must have the same.</summary>
internal sealed partial class Simulation
{
    private const int EventsToConvergeMax = 60_000;

    private void Heal()
    {
        _isHealing = true;
        _network.HealForGood();
        foreach (SimulatedServer server in _servers)
        {
            server.Disk.IsFull = false;
            server.Disk.FailsNextFlush = false;
            server.Disk.MisdirectsNextWrite = false;
            server.Disk.ChangesUntilCrash = -1;
            server.SlowDisk = default;
            if (!server.IsUp && !server.IsLost)
            {
                RestartLater(server, 1);
            }
        }
    }

    private void Converge()
    {
        for (int end = EventCount + EventsToConvergeMax; EventCount < end;)
        {
            for (int i = 0; i < 200; i++)
            {
                Step();
            }

            KeepReplacing();
            if (HasConverged())
            {
                CheckStates();
                return;
            }
        }

        throw new SimulationViolationException("no agreement after everything was healed: " + Describe());
    }

    /// <summary>A member whose disk was lost and that is not replaced yet may be missing.</summary>
    private bool HasConverged()
    {
        if (Leader() is not { } leader || leader.Node!.CommitIndex != leader.Node.LastEntry.Index || _clients.Exists(client => client.Outstanding is not null))
        {
            return false;
        }

        RaftConfiguration members = leader.Node.Configuration;
        return Checker.Acknowledged <= leader.Applied.Last.Index.Value
            && _servers.Where(server => members.Find(server.Id) is not null && !server.IsLost)
                .All(server => server.IsUp && server.Applied.Last == leader.Applied.Last && server.Node!.CommitIndex == leader.Node.CommitIndex);
    }

    private void CheckStates()
    {
        SimulatedServer leader = Leader()!;
        RaftConfiguration members = leader.Node!.Configuration;
        byte[] state = Bytes(leader);
        foreach (SimulatedServer server in _servers.Where(server => server.IsUp && members.Find(server.Id) is not null))
        {
            SimulationViolationException.Require(state.AsSpan().SequenceEqual(Bytes(server)), $"{server.Id} ends with another state than {leader.Id}");
        }

        foreach (string key in Checker.Model.Keys)
        {
            (_, State.Records.KvRecord? record) = leader.State.KvGet(key);
            SimulationViolationException.Require(
                record?.ModifyIndex == Checker.Model.Current(key)?.ModifyIndex, $"{key} ends at {record?.ModifyIndex}, the log says {Checker.Model.Current(key)}");
        }
    }

    private static byte[] Bytes(SimulatedServer server)
    {
        using var bytes = new MemoryStream();
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(server.State))
        {
            bytes.Write(piece.Span);
        }

        return bytes.ToArray();
    }

    private string Describe() => string.Join("; ", _servers.Select(server => server.IsUp
        ? $"{server.Id} {server.Node!.Role} term {server.Node.Term} last {server.Node.LastEntry} commit {server.Node.CommitIndex} applied {server.Applied.Last} {server.Node.Configuration} {server.Node.Stats().Reason}"
        : $"{server.Id} down{(server.IsLost ? ", disk lost" : "")}"));
}
