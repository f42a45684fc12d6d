using System.Buffers;

namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>Loses, doubles, delays and reorders, and keeps pairs apart in either direction. Every message goes through its bytes.</summary>
internal sealed class SimulatedNetwork(RaftRandom random)
{
    private readonly List<(long Due, RaftMessage Message)> _flying = [];
    private readonly HashSet<(ServerId From, ServerId To)> _cut = [];

    /// <summary>Of a thousand messages.</summary>
    public int LossPermille { get; set; }

    public int DuplicatePermille { get; set; }

    /// <summary>A message takes 1 to this many steps, so later ones may overtake it.</summary>
    public int DelayMax { get; set; } = 1;

    public long DeliveredCount { get; private set; }

    public void Send(RaftMessage message, long now)
    {
        if (random.Next(1000) < LossPermille)
        {
            return;
        }

        int copies = random.Next(1000) < DuplicatePermille ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            _flying.Add((now + 1 + random.Next(DelayMax), message));
        }
    }

    /// <summary>The receiver does not read now.</summary>
    public void Return(RaftMessage message, long now) => _flying.Add((now + 1, message));

    public void Cut(ServerId from, ServerId to) => _cut.Add((from, to));

    public void Heal() => _cut.Clear();

    /// <summary>What arrives now, in sending order for equal times.</summary>
    public List<RaftMessage> TakeDue(long now)
    {
        List<RaftMessage> due = [];
        for (int i = 0; i < _flying.Count; i++)
        {
            if (_flying[i].Due <= now)
            {
                if (!_cut.Contains((_flying[i].Message.From, _flying[i].Message.To)))
                {
                    due.Add(RoundTrip(_flying[i].Message));
                    DeliveredCount++;
                }

                _flying.RemoveAt(i--);
            }
        }

        return due;
    }

    public static RaftMessage RoundTrip(RaftMessage message)
    {
        ArrayBufferWriter<byte> bytes = new();
        RaftMessageCodec.Encode(message, bytes);
        Assert.True(RaftMessageCodec.TryDecode(bytes.WrittenMemory, out RaftMessage? decoded, out string? problem), problem);
        return decoded;
    }
}
