using K8sConsul.State.Radix;
using K8sConsul.State.Records;
using K8sConsul.State.Watching;

namespace K8sConsul.State;

public sealed partial class StateSnapshot
{
    public (ulong Index, RadixRange<CoordinateRecord> Coordinates) CoordinateList(WatchSet? watches = null) =>
        (IndexOf(IndexNames.Coordinates, watches), _tables.Coordinates.All());

    public (ulong Index, RadixRange<CoordinateRecord> Coordinates) CoordinatesOfNode(string node, WatchSet? watches = null) =>
        (IndexOf(IndexNames.Coordinates, watches), _tables.Coordinates.Prefix(StateKeys.FoldedPrefix(node)));
}
