using System.Buffers;
using K8sConsul.Raft;
using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.Faults;

namespace K8sConsul.Simulation.World;

/// <summary>Says whether and when a message arrives. Every message goes through its bytes.</summary>
internal sealed class SimulatedNetwork(RaftRandom random, FaultProfile profile, bool isCalm, Coverage coverage)
{
    private readonly HashSet<(ServerId From, ServerId To)> _cut = [];
    private readonly Dictionary<ServerId, int> _slow = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _isHealed;

    /// <summary>Delays of the copies that will arrive, in thousandths of a tick; mostly one.</summary>
    public void Send(RaftMessage message, List<int> delays)
    {
        delays.Clear();
        bool isSound = isCalm || _isHealed;
        if (!isSound && random.Next(1000) < profile.LossPerMille)
        {
            coverage.Hit("message lost");
            return;
        }

        delays.Add(Delay(message, isSound));
        if (!isSound && random.Next(1000) < profile.DuplicatePerMille)
        {
            coverage.Hit("message doubled");
            delays.Add(Delay(message, isSound));
        }
    }

    public bool IsCut(ServerId from, ServerId to) => _cut.Contains((from, to));

    /// <summary>Asked when a message arrives: a link that was cut meanwhile has swallowed it.</summary>
    public bool IsCut(RaftMessage message)
    {
        bool isCut = _cut.Contains((message.From, message.To));
        if (isCut)
        {
            coverage.Hit("message cut off");
        }

        return isCut;
    }

    public bool IsDisturbed => _cut.Count + _slow.Count > 0;

    public void Cut(ServerId from, ServerId to) => _cut.Add((from, to));

    public void Heal()
    {
        _cut.Clear();
        _slow.Clear();
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void HealForGood()
    {
        Heal();
        _isHealed = true;
    }

    public void Slow(ServerId server, int extra) => _slow[server] = extra;

    public RaftMessage RoundTrip(RaftMessage message)
    {
        _bytes.ResetWrittenCount();
        RaftMessageCodec.Encode(message, _bytes);
        byte[] copy = _bytes.WrittenSpan.ToArray();
        return RaftMessageCodec.TryDecode(copy, out RaftMessage? decoded, out string? problem)
            ? decoded
            : throw new SimulationViolationException($"a message cannot be read back: {problem}");
    }

    private int Delay(RaftMessage message, bool isSound) =>
        100 + random.Next(isSound ? 200 : profile.DelayMax) + _slow.GetValueOrDefault(message.From) + _slow.GetValueOrDefault(message.To);
}
