using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    /// <summary>Stores coordinates; those of unknown nodes are dropped silently, since a node may just have left.</summary>
    public void CoordinatesUpdate(IReadOnlyList<CoordinateRecord> updates)
    {
        bool changed = false;
        foreach (CoordinateRecord update in updates)
        {
            if (_nodes.Get(StateKeys.Folded(update.Node)) is null)
            {
                continue;
            }

            _coordinates.Set(StateKeys.Folded(update.Node, update.Segment), update);
            changed = true;
        }

        if (changed)
        {
            Touch(IndexNames.Coordinates);
        }
    }
}
