using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace K8sConsul.Dns;

/// <summary>A full domain name, in the case it was given in. Compared without regard to case. Immutable.</summary>
public sealed class DomainName : IEquatable<DomainName>
{
    private readonly byte[] _wire;
    private readonly Label[] _labels;

    /// <summary>Where a label begins, and a hash of the name from there on, for finding names to point to.</summary>
    internal readonly record struct Label(byte Offset, uint SuffixHash);

    private DomainName(byte[] wire)
    {
        _wire = wire;
        Span<Label> labels = stackalloc Label[DnsLimits.LabelsMax];
        _labels = labels[..ReadLabels(wire, labels)].ToArray();
    }

    public static DomainName Root { get; } = new([0]);

    /// <summary>The name as it is written without compression, the root's zero octet included.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    public int LabelCount => _labels.Length;

    internal ReadOnlySpan<Label> Labels => _labels;

    /// <summary>Takes a name from a message.</summary>
    /// <param name="wire">A name without pointers as <see cref="WireName.TryRead"/> gives it. It is copied.</param>
    public static DomainName FromWire(ReadOnlySpan<byte> wire) => wire.Length == 1 ? Root : new DomainName(wire.ToArray());

    /// <summary>Reads a name from its text form.</summary>
    /// <param name="text">Labels with dots between them, the last dot optional; <c>\.</c>, <c>\\</c> and <c>\DDD</c> as in RFC 1035 §5.1.
    /// Characters beyond ASCII stand for their UTF-8 octets.</param>
    /// <param name="name">Null when a label is empty or longer than 63, or the whole longer than 255 octets.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        if (text is ".")
        {
            name = Root;
            return true;
        }

        // A character gives at least a quarter of an octet ("\255"), at most three.
        if (text.IsEmpty || text.Length > DnsLimits.NameLengthMax * 4)
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[DnsLimits.NameLengthMax * 12];
        octets = octets[..Encoding.UTF8.GetBytes(text, octets)];
        Span<byte> wire = stackalloc byte[DnsLimits.NameLengthMax];
        int lengthAt = 0;
        int end = 1;
        for (int i = 0; i < octets.Length; i++)
        {
            byte octet = octets[i];
            if (octet == '.')
            {
                if (!TryCloseLabel(wire, lengthAt, end))
                {
                    return false;
                }

                lengthAt = end++;
                continue;
            }

            if (octet == '\\' && !TryReadEscape(octets, ref i, out octet))
            {
                return false;
            }

            // The last octet is kept for the root's zero.
            if (end >= DnsLimits.NameLengthMax - 1)
            {
                return false;
            }

            wire[end++] = octet;
        }

        if (end > lengthAt + 1 && !TryCloseLabel(wire, lengthAt, end))
        {
            return false;
        }

        // A final dot has opened a label that stays empty: that is the root's zero already.
        int length = end > lengthAt + 1 ? end + 1 : end;
        if (length > DnsLimits.NameLengthMax)
        {
            return false;
        }

        wire[length - 1] = 0;
        name = new DomainName(wire[..length].ToArray());
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for names that the program itself is sure of.</summary>
    public static DomainName Parse(string text)
        => TryParse(text, out DomainName? name) ? name : throw new FormatException($"\"{text}\" is no domain name.");

    /// <summary>The text of one label, in lower case, with everything unprintable or special escaped.</summary>
    public static string LabelText(ReadOnlySpan<byte> label, bool lower)
    {
        var text = new StringBuilder(label.Length);
        AppendLabel(text, label, lower);
        return text.ToString();
    }

    public bool Equals(DomainName? other)
        => ReferenceEquals(this, other) || (other is not null && WireName.EqualsIgnoreCase(_wire, other._wire));

    public override bool Equals(object? obj) => Equals(obj as DomainName);

    public override int GetHashCode()
    {
        uint hash = 2166136261;
        foreach (byte octet in _wire)
        {
            hash = (hash ^ (octet | 0x20u)) * 16777619;
        }

        return (int)hash;
    }

    /// <summary>The text form with its last dot, such as <c>web.service.consul.</c></summary>
    public override string ToString()
    {
        if (_labels.Length == 0)
        {
            return ".";
        }

        var text = new StringBuilder(_wire.Length);
        foreach (Label label in _labels)
        {
            AppendLabel(text, _wire.AsSpan(label.Offset + 1, _wire[label.Offset]), lower: false);
            text.Append('.');
        }

        return text.ToString();
    }

    /// <summary>Finds the labels of a name without pointers, with a hash for each that covers it and all that follow.</summary>
    /// <param name="wire">The name.</param>
    /// <param name="labels">At least <see cref="DnsLimits.LabelsMax"/> places.</param>
    /// <returns>How many labels, the root not counted.</returns>
    internal static int ReadLabels(ReadOnlySpan<byte> wire, Span<Label> labels)
    {
        int count = 0;
        for (int offset = 0; wire[offset] != 0; offset += wire[offset] + 1)
        {
            labels[count++] = new Label((byte)offset, 0);
        }

        uint hash = 2166136261;
        for (int i = count - 1; i >= 0; i--)
        {
            int offset = labels[i].Offset;
            foreach (byte octet in wire.Slice(offset, wire[offset] + 1))
            {
                hash = (hash ^ octet) * 16777619;
            }

            labels[i] = new Label((byte)offset, hash);
        }

        return count;
    }

    private static bool TryCloseLabel(Span<byte> wire, int lengthAt, int end)
    {
        int length = end - lengthAt - 1;
        if (length is 0 or > DnsLimits.LabelLengthMax || end >= DnsLimits.NameLengthMax)
        {
            return false;
        }

        wire[lengthAt] = (byte)length;
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> octets, ref int index, out byte octet)
    {
        octet = 0;
        if (index + 1 >= octets.Length)
        {
            return false;
        }

        if (!char.IsAsciiDigit((char)octets[index + 1]))
        {
            octet = octets[++index];
            return true;
        }

        if (index + 3 >= octets.Length
            || !byte.TryParse(octets.Slice(index + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out octet))
        {
            return false;
        }

        index += 3;
        return true;
    }

    private static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label, bool lower)
    {
        foreach (byte octet in label)
        {
            switch (octet)
            {
                case (byte)'.' or (byte)' ' or (byte)'\'' or (byte)'@' or (byte)';' or (byte)'(' or (byte)')' or (byte)'"' or (byte)'\\':
                    text.Append('\\').Append((char)octet);
                    break;
                case < (byte)' ' or > (byte)'~':
                    text.Append(CultureInfo.InvariantCulture, $"\\{octet:d3}");
                    break;
                default:
                    text.Append(lower ? char.ToLowerInvariant((char)octet) : (char)octet);
                    break;
            }
        }
    }
}
