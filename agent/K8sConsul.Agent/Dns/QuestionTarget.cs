using System.Net;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>What a name below the domain asks for.</summary>
internal enum QuestionKind
{
    /// <summary>Nothing that this server knows; NXDOMAIN.</summary>
    Unknown,
    Node,
    Service,
    Connect,
    Ingress,
    PreparedQuery,

    /// <summary>The address that the name itself holds.</summary>
    Address,

    /// <summary>A name of that form which holds none; Consul 1.8.7 answers it with nothing, but NOERROR.</summary>
    NoAddress,
}

/// <summary>A name below the domain, understood.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Name">The node, service or query, in lower case.</param>
/// <param name="Tag">The service's tag; empty: any.</param>
/// <param name="Datacenter">As given; empty: the agent's own.</param>
/// <param name="Address">For <see cref="QuestionKind.Address"/>.</param>
internal readonly record struct QuestionTarget(
    QuestionKind Kind,
    string Name = "",
    string Tag = "",
    string Datacenter = "",
    IPAddress? Address = null)
{
    private static readonly QuestionTarget s_unknown = new(QuestionKind.Unknown);

    /// <summary>Understands a name.</summary>
    /// <param name="labels">Its labels left of the domain, in lower case.</param>
    /// <param name="type">The type asked for; SRV names may lack the label <c>service</c>.</param>
    public static QuestionTarget Parse(ReadOnlySpan<string> labels, RRType type)
    {
        // The right-most keyword decides. What is left of it is the name, what is right of it the datacenter.
        for (int i = labels.Length - 1; i >= 0; i--)
        {
            ReadOnlySpan<string> name = labels[..i];
            ReadOnlySpan<string> suffix = labels[(i + 1)..];
            switch (labels[i])
            {
                case "service":
                    return Service(name, suffix);
                case "connect":
                    return Named(QuestionKind.Connect, name, suffix);
                case "ingress":
                    return Named(QuestionKind.Ingress, name, suffix);
                case "node":
                    return Joined(QuestionKind.Node, name, suffix);
                case "query":
                    return Joined(QuestionKind.PreparedQuery, name, suffix);
                case "addr":
                    return OfAddress(name);
                case var label when type == RRType.Srv && label.StartsWith('_'):
                    return Service(labels[..(i + 1)], suffix);
                default:
                    break;
            }
        }

        return s_unknown;
    }

    private static QuestionTarget Service(ReadOnlySpan<string> name, ReadOnlySpan<string> suffix)
    {
        if (name.IsEmpty || suffix.Length > 1)
        {
            return s_unknown;
        }

        string datacenter = suffix.IsEmpty ? "" : suffix[0];
        if (name is [['_', .. var rfcService], ['_', .. var rfcTag]])
        {
            // RFC 2782: _service._proto. The protocol tcp is no tag, any other is.
            return new(QuestionKind.Service, rfcService, string.Equals(rfcTag, "tcp", StringComparison.Ordinal) ? "" : rfcTag, datacenter);
        }

        return new(QuestionKind.Service, name[^1], string.Join('.', name[..^1]!), datacenter);
    }

    /// <summary>The label next to the keyword names it; further ones mean nothing.</summary>
    private static QuestionTarget Named(QuestionKind kind, ReadOnlySpan<string> name, ReadOnlySpan<string> suffix)
        => name.IsEmpty || suffix.Length > 1
            ? s_unknown
            : new(kind, name[^1], Datacenter: suffix.IsEmpty ? "" : suffix[0]);

    /// <summary>All labels name it, dots included.</summary>
    private static QuestionTarget Joined(QuestionKind kind, ReadOnlySpan<string> name, ReadOnlySpan<string> suffix)
        => name.IsEmpty || suffix.Length > 1
            ? s_unknown
            : new(kind, string.Join('.', name!), Datacenter: suffix.IsEmpty ? "" : suffix[0]);

    /// <summary>The datacenter, if any, means nothing here.</summary>
    private static QuestionTarget OfAddress(ReadOnlySpan<string> name)
    {
        if (name.Length != 1)
        {
            return s_unknown;
        }

        // Consul halves the length before it looks at the digits, so a label one digit too long is refused like bad digits are,
        // while any other length is a name that exists and has no records.
        return name[0].Length is 8 or 9 or 32 or 33
            ? ReverseName.FromAddressLabel(name[0]) is { } address ? new(QuestionKind.Address, Address: address) : s_unknown
            : new(QuestionKind.NoAddress);
    }
}
