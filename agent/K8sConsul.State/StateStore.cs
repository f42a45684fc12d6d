using K8sConsul.State.Commands;
using K8sConsul.State.Transactions;

namespace K8sConsul.State;

/// <summary>
/// The replicated state: one writer applies commands in log order, any number of readers take
/// <see cref="Current"/> and never wait.
/// </summary>
/// <remarks>
/// The writer may apply several commands before it publishes them: readers then see them together, and watchers wake
/// once. Nothing here knows clocks, disks or networks.
/// </remarks>
public sealed partial class StateStore
{
    private readonly List<StateTransaction> _unpublished = [];
    private volatile StateSnapshot _current;
    private Tables _tables = Tables.CreateEmpty();
    private StateTransaction? _open;
    private ulong _appliedIndex;

    // How far the indexes of the state run ahead of the log. A snapshot of another cluster keeps its indexes, which may be
    // far above this log's; were the next change given the log's index, no client could tell it from the past.
    private ulong _indexLead;

    public StateStore() => _current = new StateSnapshot(_tables, appliedIndex: 0, new StateSnapshot.Epoch(restores: 0));

    /// <summary>The latest published version.</summary>
    public StateSnapshot Current => _current;

    /// <summary>Applies a committed command. Its effect is seen after <see cref="Publish"/>.</summary>
    /// <exception cref="StateInvariantException">The index does not follow the last one applied.</exception>
    public CommandResult Apply(ulong index, StateCommand command)
    {
        Advance(index);
        if (command is RestoreCommand restore)
        {
            return ApplyRestore(index, restore);
        }

        if (MayTurnBack(command))
        {
            Close();
        }

        StateTransaction transaction = _open ?? new StateTransaction(_tables);
        transaction.Begin(index + _indexLead);
        CommandResult result = Run(transaction, command);
        if (result.Refused is not null || result.Errors.Count > 0)
        {
            return result;
        }

        _open = transaction;
        IReadOnlyList<LockDelay> delays = transaction.TakeLockDelays();
        return delays.Count == 0 ? result : result with { LockDelays = delays };
    }

    /// <summary>Notes an entry that carries no command (a new leader's, a change of the configuration).</summary>
    /// <exception cref="StateInvariantException">The index does not follow the last one applied.</exception>
    public void Skip(ulong index) => Advance(index);

    /// <summary>Lets readers see all that was applied and wakes who waited for a part of it.</summary>
    public void Publish()
    {
        if (_current.AppliedIndex == _appliedIndex + _indexLead)
        {
            return;
        }

        Close();
        _current = new StateSnapshot(_tables, _appliedIndex + _indexLead, _current.CurrentEpoch);
        foreach (StateTransaction transaction in _unpublished)
        {
            transaction.Notify();
        }

        _unpublished.Clear();
    }

    /// <summary>Replaces the whole state. Everybody who waits is woken and reads anew, perhaps at a lower index.</summary>
    /// <param name="restored">Belongs to the store from now on: it fires its watches.</param>
    /// <param name="appliedIndex">The log index from which the state goes on; a restored archive carries another cluster's.</param>
    /// <remarks>
    /// Indexes go on above both states. The lead over the log needs no record of its own: it is the distance between the
    /// index in a snapshot's header and the log index that the snapshot stands for.
    /// </remarks>
    public void Replace(StateSnapshot restored, ulong appliedIndex)
    {
        StateSnapshot.Epoch abandoned = _current.CurrentEpoch;
        _open = null;
        _unpublished.Clear();
        _restoring = null;
        _tables = restored.Tables;
        _appliedIndex = appliedIndex;
        _indexLead = Math.Max(_indexLead, restored.AppliedIndex > appliedIndex ? restored.AppliedIndex - appliedIndex : 0);
        _current = new StateSnapshot(_tables, _appliedIndex + _indexLead, new StateSnapshot.Epoch(abandoned.Restores + 1));
        abandoned.Abandon();
    }

    /// <summary>Whether the whole state was replaced since <paramref name="state"/> was taken.</summary>
    public bool IsAbandoned(StateSnapshot state) => !ReferenceEquals(state.CurrentEpoch, _current.CurrentEpoch);

    /// <summary>
    /// Whether a command may be refused when it has changed something already. It then begins where there is a way back; all
    /// others share a transaction, and with it the copies of the nodes that lead to what they change.
    /// </summary>
    private static bool MayTurnBack(StateCommand command) => command is RegisterCommand or SessionCommand or TxnCommand;

    /// <summary>Makes what was changed so far the point to which a refused command goes back.</summary>
    private void Close()
    {
        if (_open is { } transaction)
        {
            _open = null;
            _tables = transaction.Commit();
            _unpublished.Add(transaction);
        }
    }

    private void Advance(ulong index)
    {
        if (index <= _appliedIndex)
        {
            throw new StateInvariantException($"entry {index} is applied after {_appliedIndex}");
        }

        _appliedIndex = index;
    }

    private static CommandResult Run(StateTransaction transaction, StateCommand command)
    {
        switch (command)
        {
            case KvCommand kv:
                return RunKv(transaction, kv);
            case RegisterCommand register:
                return Outcome(transaction.Register(register.Node, register.SkipNodeUpdate, register.Service, register.Checks));
            case DeregisterCommand { ServiceId.Length: > 0 } deregister:
                transaction.DeleteService(deregister.Node, deregister.ServiceId);
                return CommandResult.Done;
            case DeregisterCommand { CheckId.Length: > 0 } deregister:
                transaction.DeleteCheck(deregister.Node, deregister.CheckId);
                return CommandResult.Done;
            case DeregisterCommand deregister:
                transaction.DeleteNode(deregister.Node);
                return CommandResult.Done;
            case SessionCommand { Destroy: true } session:
                transaction.SessionDestroy(session.Session.Id);
                return CommandResult.Done;
            case SessionCommand session:
                return Outcome(transaction.SessionCreate(session.Session));
            case TombstoneCommand tombstone:
                transaction.ReapTombstones(tombstone.ReapIndex);
                return CommandResult.Done;
            case CoordinateCommand coordinates:
                transaction.CoordinatesUpdate(coordinates.Updates);
                return CommandResult.Done;
            case AutopilotCommand { IsConditional: true } autopilot:
                return Won(transaction.AutopilotSetCas(autopilot.Config, autopilot.Config.ModifyIndex));
            case AutopilotCommand autopilot:
                transaction.AutopilotSet(autopilot.Config);
                return CommandResult.Done;
            case TxnCommand txn:
                return RunTxn(transaction, txn.Operations);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static CommandResult RunKv(StateTransaction transaction, KvCommand command)
    {
        switch (command.Verb)
        {
            case KvVerb.Set:
                transaction.KvSet(command.Entry);
                return CommandResult.Done;
            case KvVerb.Cas:
                return Won(transaction.KvSetCas(command.Entry, command.Entry.ModifyIndex, out _));
            case KvVerb.Lock:
                return Outcome(transaction.KvLock(command.Entry, out bool acquired, out _), acquired);
            case KvVerb.Unlock:
                return Outcome(transaction.KvUnlock(command.Entry, out bool released, out _), released);
            case KvVerb.Delete:
                transaction.KvDelete(command.Entry.Key);
                return CommandResult.Done;
            case KvVerb.DeleteCas:
                return Won(transaction.KvDeleteCas(command.Entry.Key, command.Entry.ModifyIndex));
            case KvVerb.DeleteTree:
                transaction.KvDeleteTree(command.Entry.Key);
                return CommandResult.Done;
            default:
                return new CommandResult { Refused = $"Invalid KVS operation '{command.Verb}'" };
        }
    }

    /// <summary>Runs read-only operations of a transaction against the current version, without the log.</summary>
    public CommandResult Read(IReadOnlyList<TxnOperation> operations)
    {
        StateSnapshot current = _current;
        return RunTxn(new StateTransaction(current.Tables), operations);
    }

    private static CommandResult RunTxn(StateTransaction transaction, IReadOnlyList<TxnOperation> operations)
    {
        (List<TxnResult> results, List<TxnError> errors) = transaction.Run(operations);
        return errors.Count == 0 ? new CommandResult { Succeeded = true, Results = results } : new CommandResult { Errors = errors };
    }

    private static CommandResult Won(bool succeeded) => succeeded ? CommandResult.Done : CommandResult.Lost;

    private static CommandResult Outcome(string? refused, bool succeeded = true) =>
        refused is null ? Won(succeeded) : new CommandResult { Refused = refused };
}
