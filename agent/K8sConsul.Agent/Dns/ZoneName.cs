using System.Diagnostics.CodeAnalysis;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>Names relative to a domain.</summary>
internal static class ZoneName
{
    /// <summary>Whether a name is a domain or below it.</summary>
    /// <param name="name">On the wire, without pointers, in any case.</param>
    /// <param name="domain">The domain.</param>
    public static bool IsIn(ReadOnlySpan<byte> name, DomainName domain) => OffsetOf(name, domain) >= 0;

    /// <summary>Takes the labels left of a domain, in lower case and text form. The domain itself has none.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> name, DomainName domain, [NotNullWhen(true)] out string[]? labels)
    {
        int end = OffsetOf(name, domain);
        labels = null;
        if (end < 0)
        {
            return false;
        }

        var list = new List<string>();
        for (int offset = 0; offset < end; offset += name[offset] + 1)
        {
            list.Add(DomainName.LabelText(name.Slice(offset + 1, name[offset]), lower: true));
        }

        labels = [.. list];
        return true;
    }

    /// <summary>Where in the name the domain begins, or -1. A domain begins where a label begins, which its octets alone do not tell.</summary>
    private static int OffsetOf(ReadOnlySpan<byte> name, DomainName domain)
    {
        int start = name.Length - domain.Wire.Length;
        int offset = 0;
        while (offset < start)
        {
            offset += name[offset] + 1;
        }

        return offset == start && WireName.EqualsIgnoreCase(name[start..], domain.Wire) ? start : -1;
    }
}
