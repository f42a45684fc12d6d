using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    /// <summary>Longest lock delay that is honoured, whatever the session asked for.</summary>
    private static readonly TimeSpan LockDelayMax = TimeSpan.FromSeconds(60);

    public string? SessionCreate(SessionRecord session)
    {
        if (_nodes.Get(StateKeys.Folded(session.Node)) is null)
        {
            return "Missing node registration";
        }

        foreach (string checkId in session.CheckIds())
        {
            CheckRecord? check = _checks.Get(StateKeys.Folded(session.Node, checkId));
            if (check is null)
            {
                return $"Missing check '{checkId}' registration";
            }

            if (string.Equals(check.Status, CheckStatus.Critical, StringComparison.Ordinal))
            {
                return $"Check '{checkId}' is in {check.Status} state";
            }
        }

        SessionRecord stored = session with { CreateIndex = _index, ModifyIndex = _index };
        _sessions.Set(StateKeys.Folded(stored.Id), stored);
        _sessionsByNode.Set(StateKeys.Folded(stored.Node, stored.Id), stored);
        foreach (string checkId in stored.CheckIds())
        {
            _sessionsByCheck.Set(StateKeys.Folded(stored.Node, checkId, stored.Id), stored);
        }

        Touch(IndexNames.Sessions);
        return null;
    }

    /// <summary>Ends a session with all that depends on it; an unknown one is no error.</summary>
    public void SessionDestroy(string id)
    {
        if (_sessions.Remove(StateKeys.Folded(id)) is not { } session)
        {
            return;
        }

        _sessionsByNode.Remove(StateKeys.Folded(session.Node, session.Id));
        foreach (string checkId in session.CheckIds())
        {
            _sessionsByCheck.Remove(StateKeys.Folded(session.Node, checkId, session.Id));
        }

        Touch(IndexNames.Sessions);
        GiveUpKeys(session);
    }

    private void GiveUpKeys(SessionRecord session)
    {
        TimeSpan delay = session.LockDelay > LockDelayMax ? LockDelayMax : session.LockDelay;
        bool delete = string.Equals(session.Behavior, SessionBehavior.Delete, StringComparison.Ordinal);
        foreach (KvRecord held in _kvBySession.List(StateKeys.FoldedPrefix(session.Id)))
        {
            if (delete)
            {
                KvDelete(held.Key);
            }
            else
            {
                Put(held, existing: held, session: string.Empty, held.LockIndex);
            }

            if (delay > TimeSpan.Zero)
            {
                (_lockDelays ??= []).Add(new LockDelay(held.Key, delay));
            }
        }
    }
}
