using K8sConsul.Raft;

namespace K8sConsul.Simulation.World;

/// <summary>Content of one file, and what to undo of it when the power fails.</summary>
internal sealed class DiskFile(string name)
{
    private readonly List<PendingWrite> _pending = [];
    private byte[] _data = [];

    public string Name { get; set; } = name;

    public int Length { get; private set; }

    public int Read(long offset, Span<byte> into)
    {
        int count = (int)Math.Max(0, Math.Min(into.Length, Length - offset));
        _data.AsSpan((int)Math.Min(offset, Length), count).CopyTo(into);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        int at = (int)offset;
        byte[] old = at < Length ? _data.AsSpan(at, Math.Min(data.Length, Length - at)).ToArray() : [];
        _pending.Add(new PendingWrite(at, data.ToArray(), old, Length));
        Put(at, data);
    }

    public void SetLength(long length)
    {
        int to = (int)length;
        byte[] old = to < Length ? _data.AsSpan(to, Length - to).ToArray() : [];
        _pending.Add(new PendingWrite(to, New: null, old, Length));
        Resize(to);
    }

    public void Flush() => _pending.Clear();

    /// <summary>Back to what was flushed, and from there on each sector of each write by chance.</summary>
    public void Crash(RaftRandom random)
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            PendingWrite write = _pending[i];
            Resize(write.OldLength);
            write.Old.CopyTo(_data, write.Offset);
        }

        foreach (PendingWrite write in _pending)
        {
            if (write.New is not { } data)
            {
                if (random.Next(2) == 0)
                {
                    Resize(write.Offset);
                }

                continue;
            }

            for (int at = 0; at < data.Length;)
            {
                int piece = Math.Min(data.Length - at, SimulatedDisk.SectorBytes - ((write.Offset + at) % SimulatedDisk.SectorBytes));
                if (random.Next(2) == 0)
                {
                    Put(write.Offset + at, data.AsSpan(at, piece));
                }

                at += piece;
            }
        }

        _pending.Clear();
    }

    public void Flip(int offset, int bit) => _data[offset] ^= (byte)(1 << bit);

    private void Put(int at, ReadOnlySpan<byte> data)
    {
        if (at + data.Length > Length)
        {
            Resize(at + data.Length);
        }

        data.CopyTo(_data.AsSpan(at));
    }

    private void Resize(int length)
    {
        if (length > _data.Length)
        {
            Array.Resize(ref _data, Math.Max(length, 2 * _data.Length));
        }

        if (length < Length)
        {
            _data.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }

    private sealed record PendingWrite(int Offset, byte[]? New, byte[] Old, int OldLength);
}
