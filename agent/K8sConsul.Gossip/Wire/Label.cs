using System.Text;

namespace K8sConsul.Gossip.Wire;

/// <summary>The label prefix of packets and streams (memberlist 0.3): keeps pools on one network apart.</summary>
internal static class Label
{
    public const int BytesMax = 255;

    private const int HeaderBytes = 2;

    /// <summary>Type byte, length and text; empty for the empty label.</summary>
    public static byte[] Prefix(string label)
    {
        byte[] text = Encoding.UTF8.GetBytes(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, BytesMax, nameof(label));
        return text.Length == 0 ? [] : [(byte)MessageType.Label, (byte)text.Length, .. text];
    }

    /// <summary>Length of the prefix with which the input begins, 0 for none.</summary>
    /// <exception cref="GossipFormatException">The prefix is cut off or empty.</exception>
    public static int Measure(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input[0] != (byte)MessageType.Label)
        {
            return 0;
        }

        if (input.Length < HeaderBytes)
        {
            throw new GossipFormatException("cannot decode label; packet has been truncated");
        }

        int length = HeaderBytes + input[1];
        if (length == HeaderBytes)
        {
            throw new GossipFormatException("label header cannot be empty when present");
        }

        return length <= input.Length
            ? length
            : throw new GossipFormatException("cannot decode label; packet has been truncated");
    }
}
