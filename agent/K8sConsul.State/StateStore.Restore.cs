using K8sConsul.MessagePack;
using K8sConsul.State.Commands;
using K8sConsul.State.Snapshots;

namespace K8sConsul.State;

public sealed partial class StateStore
{
    private SnapshotReader? _restoring;
    private string _restoreName = string.Empty;

    /// <summary>
    /// Pieces of a restore are held that no snapshot contains: the log from its beginning must stay until it ends, so no
    /// snapshot may be taken meanwhile.
    /// </summary>
    public bool IsRestoring => _restoring is not null;

    /// <summary>Drops a restore whose leader is gone; the next leader does so before it takes writes.</summary>
    private CommandResult ApplyRestore(ulong index, RestoreCommand command)
    {
        if (command.Step == RestoreStep.Begin)
        {
            _restoring = command.Restore.Length == 0 ? null : new SnapshotReader();
            _restoreName = command.Restore;
            return CommandResult.Done;
        }

        if (_restoring is null || !string.Equals(_restoreName, command.Restore, StringComparison.Ordinal))
        {
            return new CommandResult { Refused = "restore was overtaken by another one" };
        }

        try
        {
            if (command.Step == RestoreStep.Piece)
            {
                _restoring.Feed(command.Data);
                return CommandResult.Done;
            }

            StateSnapshot restored = _restoring.Finish();
            _restoring = null;
            Replace(restored, index);
            return CommandResult.Done;
        }
        catch (MsgPackFormatException problem)
        {
            _restoring = null;
            return new CommandResult { Refused = $"failed to restore snapshot: {problem.Message}" };
        }
    }
}
