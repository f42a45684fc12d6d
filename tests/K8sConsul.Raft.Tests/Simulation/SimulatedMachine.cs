using System.Buffers.Binary;
using System.Numerics;

namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>A state machine whose whole state is a hash of everything applied, so that any difference in history shows.</summary>
internal sealed class SimulatedMachine
{
    private const int Padding = 100;

    public LogIndex Applied { get; private set; }

    public ulong State { get; private set; } = 17;

    public void Apply(RaftEntry entry)
    {
        Assert.Equal(Applied.Next, entry.Index);
        Applied = entry.Index;
        if (entry.Type == EntryType.Command)
        {
            State = Mix(State, entry.Data.Span);
        }
    }

    /// <summary>Some bytes more than needed, so that it travels in several pieces.</summary>
    public byte[] Save()
    {
        byte[] data = new byte[16 + Padding];
        BinaryPrimitives.WriteUInt64LittleEndian(data, Applied.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(8), State);
        return data;
    }

    public void Load(ReadOnlySpan<byte> data)
    {
        Assert.Equal(16 + Padding, data.Length);
        Applied = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(data));
        State = BinaryPrimitives.ReadUInt64LittleEndian(data[8..]);
    }

    public static ulong Mix(ulong state, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            state = BitOperations.RotateLeft((state ^ value) * 0x9E3779B97F4A7C15UL, 23);
        }

        return state;
    }
}
