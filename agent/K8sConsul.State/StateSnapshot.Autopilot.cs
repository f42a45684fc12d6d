using K8sConsul.State.Records;

namespace K8sConsul.State;

public sealed partial class StateSnapshot
{
    /// <summary>Null until a leader has written the first.</summary>
    public AutopilotRecord? Autopilot => _tables.Autopilot;
}
