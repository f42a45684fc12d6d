using K8sConsul.MessagePack;
using K8sConsul.Raft;
using K8sConsul.State;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Consensus;

/// <summary>What an entry of the log says. One that cannot be read would make this replica differ from the others.</summary>
internal static class CommittedEntry
{
    /// <returns>Null when the entry carries none.</returns>
    /// <exception cref="StateInvariantException">It cannot be read.</exception>
    public static StateCommand? Command(RaftEntry entry)
    {
        if (entry.Type != EntryType.Command || entry.Data.IsEmpty)
        {
            return null;
        }

        try
        {
            return StateCommand.Decode(entry.Data.Span);
        }
        catch (MsgPackFormatException damage)
        {
            throw Unreadable(entry, damage.Message);
        }
    }

    /// <returns>Null when the entry brings none.</returns>
    /// <exception cref="StateInvariantException">It cannot be read.</exception>
    public static RaftConfiguration? Configuration(RaftEntry entry) =>
        entry.Type != EntryType.Configuration ? null
        : RaftConfiguration.TryDecode(entry.Data, out RaftConfiguration? configuration, out string? problem) ? configuration
        : throw Unreadable(entry, problem);

    private static StateInvariantException Unreadable(RaftEntry entry, string problem) => new($"log entry {entry.Id} cannot be read: {problem}");
}
