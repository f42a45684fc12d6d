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

            byte[] key = StateKeys.Folded(update.Node, update.Segment);
            if (_coordinates.Get(key)?.IsSame(update) == true)
            {
                continue;
            }

            _coordinates.Set(key, update);
            changed = true;
        }

        if (changed)
        {
            Touch(IndexNames.Coordinates);
        }
    }
}
