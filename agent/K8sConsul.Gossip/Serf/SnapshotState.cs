using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace K8sConsul.Gossip;

/// <summary>What a snapshot file remembers of a former life. The format is Serf's, line by line.</summary>
public sealed record SnapshotState
{
    public static readonly SnapshotState Empty = new();

    /// <summary>Members that were alive: name to address.</summary>
    public ImmutableSortedDictionary<string, MemberAddress> AliveMembers { get; init; } =
        ImmutableSortedDictionary.Create<string, MemberAddress>(StringComparer.Ordinal);

    public ulong Clock { get; init; }

    public ulong EventClock { get; init; }

    public ulong QueryClock { get; init; }

    /// <summary>Replays a file. Lines that make no sense are skipped: a snapshot only helps to find the pool again.</summary>
    /// <param name="lines">Complete lines, without their ends.</param>
    /// <param name="rejoinAfterLeave">A graceful leave does not wipe out what was before it.</param>
    /// <param name="unreadable">Lines that were skipped.</param>
    public static SnapshotState Replay(IEnumerable<string> lines, bool rejoinAfterLeave, out int unreadable)
    {
        ArgumentNullException.ThrowIfNull(lines);
        SnapshotState state = Empty;
        unreadable = 0;
        foreach (string line in lines)
        {
            unreadable += state.TryApply(line, rejoinAfterLeave, out state) ? 0 : 1;
        }

        return state;
    }

    /// <summary>The state after one more line; the same state if the line makes no sense.</summary>
    public bool TryApply(string line, bool rejoinAfterLeave, out SnapshotState next)
    {
        ArgumentNullException.ThrowIfNull(line);
        next = this;
        if (line == "leave")
        {
            next = rejoinAfterLeave ? this : Empty;
            return true;
        }

        if (line.StartsWith('#'))
        {
            return true;
        }

        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        string value = line[(colon + 2)..];
        bool isTime = TryReadTime(value, out ulong time);
        switch (line[..colon])
        {
            case "alive" when TryReadAlive(value, out string name, out MemberAddress address):
                next = this with { AliveMembers = AliveMembers.SetItem(name, address) };
                return true;
            case "not-alive":
                next = this with { AliveMembers = AliveMembers.Remove(value) };
                return true;
            case "clock" when isTime:
                next = this with { Clock = time };
                return true;
            case "event-clock" when isTime:
                next = this with { EventClock = time };
                return true;
            case "query-clock" when isTime:
                next = this with { QueryClock = time };
                return true;
            default:
                // Older versions of Serf kept coordinates here.
                return line.StartsWith("coordinate: ", StringComparison.Ordinal);
        }
    }

    /// <summary>The whole state as a new file.</summary>
    public IReadOnlyList<string> ToLines()
    {
        var lines = new List<string>(AliveMembers.Count + 3);
        foreach ((string name, MemberAddress address) in AliveMembers)
        {
            lines.Add(AliveLine(name, address));
        }

        lines.Add(Line("clock", Clock));
        lines.Add(Line("event-clock", EventClock));
        lines.Add(Line("query-clock", QueryClock));
        return lines;
    }

    internal static string AliveLine(string name, MemberAddress address) => $"alive: {name} {address}";

    internal static string NotAliveLine(string name) => $"not-alive: {name}";

    internal static string Line(string what, ulong time) => string.Create(CultureInfo.InvariantCulture, $"{what}: {time}");

    /// <summary>A name may hold spaces, an address may not.</summary>
    private static bool TryReadAlive(string text, out string name, out MemberAddress address)
    {
        int space = text.LastIndexOf(' ');
        IPEndPoint? endpoint = null;
        bool readable = space > 0 && IPEndPoint.TryParse(text[(space + 1)..], out endpoint);
        name = readable ? text[..space] : string.Empty;
        address = readable ? MemberAddress.From(endpoint!) : default;
        return readable;
    }

    private static bool TryReadTime(string text, out ulong time) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out time);
}
