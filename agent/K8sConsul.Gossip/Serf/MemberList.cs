using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>
/// An immutable view of a whole pool. A reader takes it once and sees one consistent moment; a later view has a greater
/// <see cref="Version"/>.
/// </summary>
public sealed class MemberList
{
    public static readonly MemberList Empty = new(0, ImmutableSortedDictionary.Create<string, Member>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, Member> _byName;
    private readonly Lazy<ImmutableArray<Member>> _all;

    internal MemberList(ulong version, ImmutableSortedDictionary<string, Member> byName)
    {
        (Version, _byName) = (version, byName);

        // A pool of thousands changes far more often than anybody lists it.
        _all = new Lazy<ImmutableArray<Member>>(() => [.. byName.Values]);
    }

    /// <summary>Grows with every change of any member.</summary>
    public ulong Version { get; }

    /// <summary>All members, sorted by name (ordinal).</summary>
    public ImmutableArray<Member> All => _all.Value;

    public int Count => _byName.Count;

    /// <summary>A list made by hand, for tests of what reads lists.</summary>
    public static MemberList From(ulong version, IEnumerable<Member> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return new MemberList(version, members.ToImmutableSortedDictionary(member => member.Name, member => member, StringComparer.Ordinal));
    }

    public Member? Find(string name) => _byName.GetValueOrDefault(name);
}
