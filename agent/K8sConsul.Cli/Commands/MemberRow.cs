using System.Globalization;
using System.Net;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands;

/// <summary>A member as it is shown.</summary>
internal sealed class MemberRow
{
    private readonly AgentMember _member;
    private readonly string _segment;

    /// <param name="member">As the agent sent it.</param>
    /// <param name="allSegments">Servers are in every segment, which is said only when all are listed.</param>
    public MemberRow(AgentMember member, bool allSegments)
    {
        _member = member;
        string segment = Tag("segment");
        _segment = allSegments && Tag("role") == "consul" ? "<all>" : segment.Length == 0 ? "<default>" : segment;
    }

    public string Status => (MemberStatus)_member.Status switch
    {
        MemberStatus.None => "none",
        MemberStatus.Alive => "alive",
        MemberStatus.Leaving => "leaving",
        MemberStatus.Left => "left",
        MemberStatus.Failed => "failed",
        _ => $"unknown ({_member.Status.ToString(CultureInfo.InvariantCulture)})",
    };

    private string Address => IPAddress.TryParse(_member.Addr, out IPAddress? address)
        ? new IPEndPoint(address, _member.Port).ToString()
        : $":{_member.Port}";

    /// <summary>By segment, which puts servers first, then by name.</summary>
    public static int Compare(MemberRow left, MemberRow right)
    {
        int bySegment = string.CompareOrdinal(left._segment, right._segment);
        return bySegment != 0 ? bySegment : string.CompareOrdinal(left._member.Name, right._member.Name);
    }

    public static List<string[]> Table(List<MemberRow> rows)
    {
        List<string[]> table = [["Node", "Address", "Status", "Type", "Build", "Protocol", "DC", "Segment"]];
        foreach (MemberRow row in rows)
        {
            string type = row.Tag("role") switch
            {
                "node" => "client",
                "consul" => "server",
                _ => string.Empty,
            };
            table.Add(type.Length == 0
                ? [row._member.Name, row.Address, row.Status, "unknown", string.Empty, string.Empty, string.Empty, string.Empty]
                : [row._member.Name, row.Address, row.Status, type, row.Build(), row.Tag("vsn"), row.Tag("dc"), row._segment]);
        }

        return table;
    }

    public static List<string[]> DetailedTable(List<MemberRow> rows)
    {
        List<string[]> table = [["Node", "Address", "Status", "Tags"]];
        foreach (MemberRow row in rows)
        {
            SortedDictionary<string, string> tags = new(row._member.Tags, StringComparer.Ordinal) { ["segment"] = row._segment };
            table.Add([row._member.Name, row.Address, row.Status, string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}"))]);
        }

        return table;
    }

    /// <summary>The version; behind the colon stands the revision.</summary>
    private string Build()
    {
        string build = Tag("build");
        int colon = build.IndexOf(':', StringComparison.Ordinal);
        return build.Length == 0 ? "< 0.3" : colon < 0 ? build : build[..colon];
    }

    private string Tag(string name)
    {
        return _member.Tags.TryGetValue(name, out string? value) ? value : string.Empty;
    }
}
