using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    private AutopilotRecord? _autopilot = tables.Autopilot;

    /// <summary>Consul keeps no index of it: nobody can wait for a change.</summary>
    public void AutopilotSet(AutopilotRecord config) =>
        _autopilot = config with { CreateIndex = _autopilot?.CreateIndex ?? _index, ModifyIndex = _index };

    /// <returns>False when the stored one is not at <paramref name="expected"/>, or there is none.</returns>
    public bool AutopilotSetCas(AutopilotRecord config, ulong expected)
    {
        if (_autopilot?.ModifyIndex != expected)
        {
            return false;
        }

        AutopilotSet(config);
        return true;
    }
}
