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
        ImmutableSortedDictionary<string, MemberAddress>.Builder alive = state.AliveMembers.ToBuilder();
        foreach (string line in lines)
        {
            if (line.StartsWith("alive: ", StringComparison.Ordinal))
            {
                unreadable += TryReadAlive(line["alive: ".Length..], alive) ? 0 : 1;
            }
            else if (line.StartsWith("not-alive: ", StringComparison.Ordinal))
            {
                alive.Remove(line["not-alive: ".Length..]);
            }
            else if (line.StartsWith("clock: ", StringComparison.Ordinal) && TryReadTime(line["clock: ".Length..], out ulong clock))
            {
                state = state with { Clock = clock };
            }
            else if (line.StartsWith("event-clock: ", StringComparison.Ordinal) && TryReadTime(line["event-clock: ".Length..], out ulong events))
            {
                state = state with { EventClock = events };
            }
            else if (line.StartsWith("query-clock: ", StringComparison.Ordinal) && TryReadTime(line["query-clock: ".Length..], out ulong queries))
            {
                state = state with { QueryClock = queries };
            }
            else if (line == "leave")
            {
                if (!rejoinAfterLeave)
                {
                    alive.Clear();
                    state = Empty;
                }
            }
            else if (!line.StartsWith("coordinate: ", StringComparison.Ordinal) && !line.StartsWith('#'))
            {
                unreadable++;
            }
        }

        return state with { AliveMembers = alive.ToImmutable() };
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
    private static bool TryReadAlive(string text, ImmutableSortedDictionary<string, MemberAddress>.Builder alive)
    {
        int space = text.LastIndexOf(' ');
        if (space <= 0 || !IPEndPoint.TryParse(text[(space + 1)..], out IPEndPoint? endpoint))
        {
            return false;
        }

        alive[text[..space]] = MemberAddress.From(endpoint);
        return true;
    }

    private static bool TryReadTime(string text, out ulong time) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out time);
}
