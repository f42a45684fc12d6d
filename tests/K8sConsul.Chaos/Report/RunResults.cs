using K8sConsul.Chaos.Cluster;
using K8sConsul.Chaos.Faults;
using K8sConsul.Chaos.Load;

namespace K8sConsul.Chaos.Report;

/// <summary>All that a report tells about a run.</summary>
internal sealed record RunResults(
    ChaosOptions Options,
    Schedule Schedule,
    FaultDriver Faults,
    LeaderWatch Leaders,
    Recorder Recorder,
    Verification Verification,
    TimeSpan Ended);
