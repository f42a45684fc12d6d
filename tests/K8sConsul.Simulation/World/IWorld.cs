using K8sConsul.Raft;
using K8sConsul.Simulation.Checking;

namespace K8sConsul.Simulation.World;

/// <summary>What a server sees of its surroundings.</summary>
internal interface IWorld
{
    /// <summary>In thousandths of a tick of a true clock.</summary>
    long Now { get; }

    SafetyChecker Checker { get; }

    Coverage Coverage { get; }

    void Send(RaftMessage message);

    /// <summary>Work of this server to be done a little later; lost if the server dies before.</summary>
    void Schedule(SimulatedServer server, ServerWork work);

    void Answer(Call call, CallOutcome outcome);

    /// <summary>The server cannot go on.</summary>
    void Died(SimulatedServer server, string reason, bool isDiskLost);
}

internal enum ServerWork
{
    Tick,
    Flush,
    Apply,
    SnapshotIo,
}
