namespace K8sConsul.Dns;

/// <summary>
/// Where in the message being written which name stands: an open-addressing table from a name's hash to its offset. Belongs to
/// one writer at a time and is cleared per message.
/// </summary>
public sealed class NameTable
{
    // A power of two. Names of 15 octets on average fill the 16 KiB that a pointer reaches with about a thousand entries.
    private const int Size = 2048;
    private const int CountMax = Size * 3 / 4;

    // Hash in the upper half, offset + 1 in the lower (0: free). An offset has 14 bits.
    private readonly uint[] _entries = new uint[Size];
    private readonly ushort[] _used = new ushort[CountMax];
    private int _count;

    internal void Clear()
    {
        // Most messages hold a handful of names, so it is cheaper to take those out than to wipe 8 KiB.
        foreach (ushort slot in _used.AsSpan(0, _count))
        {
            _entries[slot] = 0;
        }

        _count = 0;
    }

    /// <summary>Finds a name of which this is the hash, and from there on more.</summary>
    /// <param name="hash">The name's hash.</param>
    /// <param name="probe">0 at first; then as this method left it.</param>
    /// <returns>Its offset, or -1 when there are no more.</returns>
    internal int Find(uint hash, ref int probe)
    {
        uint tag = hash & 0xffff0000;
        while (true)
        {
            uint entry = _entries[(hash + (uint)probe) & (Size - 1)];
            if (entry == 0)
            {
                return -1;
            }

            probe++;
            if ((entry & 0xffff0000) == tag)
            {
                return (int)(entry & 0xffff) - 1;
            }
        }
    }

    /// <summary>Remembers a name. A full table forgets nothing and takes no more: names are then written in full, which is allowed.</summary>
    internal void Add(uint hash, int offset)
    {
        if (_count == CountMax)
        {
            return;
        }

        uint slot = hash & (Size - 1);
        while (_entries[slot] != 0)
        {
            slot = (slot + 1) & (Size - 1);
        }

        _entries[slot] = (hash & 0xffff0000) | (uint)(offset + 1);
        _used[_count++] = (ushort)slot;
    }
}
