using K8sConsul.State.Radix;
using K8sConsul.State.Records;
using K8sConsul.State.Watching;

namespace K8sConsul.State;

public sealed partial class StateSnapshot
{
    public (ulong Index, SessionRecord? Session) SessionGet(string id, WatchSet? watches = null)
    {
        SessionRecord? session = _tables.Sessions.Get(StateKeys.Folded(id), watches);
        return (IndexOf(IndexNames.Sessions, watches), session);
    }

    public (ulong Index, RadixRange<SessionRecord> Sessions) SessionList(WatchSet? watches = null) =>
        (IndexOf(IndexNames.Sessions, watches), _tables.Sessions.All());

    public (ulong Index, RadixRange<SessionRecord> Sessions) SessionsOfNode(string node, WatchSet? watches = null) =>
        (IndexOf(IndexNames.Sessions, watches), _tables.SessionsByNode.Prefix(StateKeys.FoldedPrefix(node)));
}
