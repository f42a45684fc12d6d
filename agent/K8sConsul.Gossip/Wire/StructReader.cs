using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>
/// Walks the fields of a Go struct: a map with its names in any order, a list in declaration order, or nil for all zero.
/// Unknown fields are stepped over, as the real decoder does.
/// </summary>
internal struct StructReader
{
    private readonly bool _isMap;
    private int _left;
    private int _index;

    private StructReader(bool isMap, int count)
    {
        _isMap = isMap;
        _left = count;
        _index = -1;
    }

    public static StructReader Begin(ref MsgPackReader reader)
    {
        bool isMap = reader.PeekKind() != MsgPackKind.List;
        return new StructReader(isMap, isMap ? reader.ReadMapHeader() : reader.ReadListHeader());
    }

    /// <summary>Moves to the next known field, whose value the caller must then read.</summary>
    /// <param name="reader">At the next key, or at the next value of the list form.</param>
    /// <param name="names">Field names in declaration order.</param>
    /// <param name="field">Index into <paramref name="names"/>.</param>
    public bool Next(ref MsgPackReader reader, ReadOnlySpan<byte[]> names, out int field)
    {
        while (_left > 0)
        {
            _left--;
            field = _isMap ? Find(names, reader.ReadTextBytes()) : ++_index;
            if (field >= 0 && field < names.Length)
            {
                return true;
            }

            reader.Skip();
        }

        field = -1;
        return false;
    }

    private static int Find(ReadOnlySpan<byte[]> names, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (key.SequenceEqual(names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
