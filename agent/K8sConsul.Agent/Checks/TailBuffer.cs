using System.Text;

namespace K8sConsul.Agent.Checks;

/// <summary>Keeps the last bytes of an output of any length. Grows up to its limit as needed.</summary>
internal sealed class TailBuffer(int limit)
{
    private byte[] _ring = [];

    /// <summary>All bytes ever written; where the next one goes is this modulo the limit.</summary>
    public long Total { get; private set; }

    public int Limit => limit;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit)
        {
            Total += bytes.Length - limit;
            bytes = bytes[^limit..];
        }

        int at = (int)(Total % limit);
        int needed = (int)Math.Min(limit, Total + bytes.Length);
        if (_ring.Length < needed)
        {
            Array.Resize(ref _ring, (int)Math.Min(limit, Math.Max(needed, Math.Min((long)_ring.Length * 2, limit))));
        }

        int first = Math.Min(bytes.Length, limit - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
        Total += bytes.Length;
    }

    /// <summary>The kept bytes as text; what is not UTF-8, a character cut in two included, becomes U+FFFD.</summary>
    public override string ToString()
    {
        if (Total <= limit)
        {
            return Encoding.UTF8.GetString(_ring, 0, (int)Total);
        }

        int at = (int)(Total % limit);
        byte[] ordered = [.. _ring.AsSpan(at, limit - at), .. _ring.AsSpan(0, at)];
        return Encoding.UTF8.GetString(ordered);
    }
}
