using System.Net;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>
/// SWIM with Lifeguard, as HashiCorp's memberlist speaks it: who is there, who does not answer, and how that gets around.
/// Follow one packet from <see cref="HandlePacket"/>, one probe from <c>Probe</c>, one rumour from <c>Gossip</c>.
/// </summary>
internal sealed partial class Memberlist
{
    /// <summary>memberlist's protocol: we understand 1 to 5 and speak 2.</summary>
    private const byte ProtocolMin = 1;
    private const byte ProtocolMax = 5;
    private const byte ProtocolCurrent = 2;

    /// <summary>The peer understands TCP pings from this protocol on, nacks and checksums from the next ones.</summary>
    private const byte StreamPingProtocol = 3;
    private const byte NackProtocol = 4;
    private const byte CrcProtocol = 5;

    private readonly CoreContext _context;
    private readonly GossipNodeOptions _self;
    private readonly GossipOptions _options;
    private readonly IMemberlistDelegate _delegate;
    private readonly PacketCodec _codec;
    private readonly byte[] _advertiseAddr;

    // Every known member once in each; the list's order is the probing order.
    private readonly Dictionary<string, NodeRecord> _byName = new(StringComparer.Ordinal);
    private readonly List<NodeRecord> _nodes = [];

    private readonly TransmitQueue _broadcasts;
    private readonly Awareness _awareness;
    private uint _incarnation;
    private uint _sequence;
    private long _streamSequence;
    private NodeRecord _local = null!;
    private bool _left;
    private GossipCounters _counters;

    public Memberlist(CoreContext context, GossipNodeOptions self, IMemberlistDelegate listener, NonceSource nonces)
    {
        (_context, _self, _options, _delegate) = (context, self, self.Gossip, listener);
        _codec = new PacketCodec(self.Gossip, self.Keyring, nonces);
        _broadcasts = new TransmitQueue(self.Gossip.RetransmitMult, () => _nodes.Count);
        _awareness = new Awareness(self.Gossip.AwarenessMaxMultiplier);
        _advertiseAddr = self.Advertise.Ip.GetAddressBytes();
    }

    public int HealthScore => _awareness.Score;

    public GossipCounters Counters => _counters;

    public NodeRecord Local => _local;

    public IReadOnlyList<NodeRecord> Nodes => _nodes;

    /// <summary>Members that are not dead or gone, ourselves included.</summary>
    public int AliveCount => _nodes.Count(node => !node.IsDeadOrLeft);

    private ProbeSource Source => new(_advertiseAddr, _self.Advertise.Port, _self.Name);

    /// <summary>Makes ourselves known and begins the three periodic tasks, each after a random delay so that pools do not beat in step.</summary>
    public void Start(byte[] meta)
    {
        byte[] vsn = [ProtocolMin, ProtocolMax, ProtocolCurrent, SerfProtocolMin, SerfProtocolMax, _options.SerfProtocol];
        ApplyAlive(new Alive(NextIncarnation(), _self.Name, _advertiseAddr, _self.Advertise.Port, meta, vsn), bootstrap: true);
        _local = _byName[_self.Name];
        StartProbing();
        StartGossiping();
        StartPushPulling();
    }

    /// <summary>Announces new metadata of ours.</summary>
    /// <param name="meta">At most <see cref="GossipTags.EncodedBytesMax"/> bytes.</param>
    /// <param name="finished">Called when the news has gone out often enough.</param>
    public void UpdateLocal(byte[] meta, Action finished) => ApplyAlive(
        new Alive(NextIncarnation(), _self.Name, _local.Addr, _local.Port, meta, _local.Vsn), bootstrap: true, finished);

    /// <summary>Declares ourselves gone. Probes are still answered afterwards.</summary>
    /// <param name="finished">Called when the news has gone out often enough.</param>
    public void Leave(Action finished)
    {
        if (_left)
        {
            finished();
            return;
        }

        _left = true;
        ApplyDead(new Dead(_local.Incarnation, _self.Name, _self.Name), finished);
    }

    public bool AnyoneElseAlive() => _nodes.Exists(node => !node.IsDeadOrLeft && node != _local);

    public NodeRecord? Find(string name) => _byName.GetValueOrDefault(name);

    private uint NextIncarnation() => ++_incarnation;

    private uint NextSequence() => ++_sequence;

    private bool IsAllowed(IPAddress ip)
    {
        if (_self.AllowedCidrs is null or { Count: 0 })
        {
            return true;
        }

        IPAddress address = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        foreach (IPNetwork network in _self.AllowedCidrs)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Up to <paramref name="count"/> different members for which <paramref name="wanted"/> holds, in random order.</summary>
    private List<NodeRecord> RandomNodes(int count, Func<NodeRecord, bool> wanted)
    {
        var chosen = new List<NodeRecord>(count);
        if (_nodes.Count < 3 * count)
        {
            var shuffled = new List<NodeRecord>(_nodes);
            _context.Random.Shuffle(shuffled);
            foreach (NodeRecord node in shuffled)
            {
                if (chosen.Count < count && wanted(node))
                {
                    chosen.Add(node);
                }
            }

            return chosen;
        }

        for (int tries = 0; tries < 3 * _nodes.Count && chosen.Count < count; tries++)
        {
            NodeRecord node = _nodes[_context.Random.Next(_nodes.Count)];
            if (wanted(node) && !chosen.Contains(node))
            {
                chosen.Add(node);
            }
        }

        return chosen;
    }
}
