using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>Dissemination: a few random members get the news in every round.</summary>
internal sealed partial class Memberlist
{
    private void StartGossiping() => _context.After(_context.Random.Next(_options.GossipInterval), GossipTick);

    private void GossipTick()
    {
        _context.After(_options.GossipInterval, GossipTick);
        _counters = _counters with { GossipRounds = _counters.GossipRounds + 1 };
        int space = _options.PacketBytesMax - CompoundPacket.HeaderBytes - _codec.OverheadBytes;
        foreach (NodeRecord node in RandomNodes(_options.GossipNodes, IsWorthTelling))
        {
            _riders.Clear();
            CollectBroadcasts(space, _riders);
            if (_riders.Count == 0)
            {
                return;
            }

            SendPacket(node.Address, Join(_riders), node.ProtocolMax >= CrcProtocol);
        }
    }

    /// <summary>The recently dead are told as well: if they live, they learn of their death and refute it.</summary>
    private bool IsWorthTelling(NodeRecord node) => node != _local && node.State switch
    {
        NodeState.Alive or NodeState.Suspect => true,
        NodeState.Dead => _context.Now - node.StateChange <= _options.GossipToTheDeadTime,
        _ => false,
    };
}
