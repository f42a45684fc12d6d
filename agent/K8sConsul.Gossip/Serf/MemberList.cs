using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>
/// An immutable view of a whole pool. A reader takes it once and sees one consistent moment; a later view has a greater
/// <see cref="Version"/>.
/// </summary>
public sealed class MemberList
{
    public static readonly MemberList Empty = new(0, []);

    private readonly Dictionary<string, Member> _byName;

    public MemberList(ulong version, ImmutableArray<Member> members)
    {
        Version = version;
        All = members;
        _byName = new Dictionary<string, Member>(members.Length, StringComparer.Ordinal);
        foreach (Member member in members)
        {
            _byName.Add(member.Name, member);
        }
    }

    /// <summary>Grows with every change of any member.</summary>
    public ulong Version { get; }

    /// <summary>All members, sorted by name (ordinal).</summary>
    public ImmutableArray<Member> All { get; }

    public int Count => All.Length;

    public Member? Find(string name) => _byName.GetValueOrDefault(name);
}
