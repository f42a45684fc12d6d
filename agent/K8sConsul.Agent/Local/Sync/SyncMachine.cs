namespace K8sConsul.Agent.Local;

/// <summary>What anti-entropy should do now.</summary>
internal enum SyncStep
{
    Wait,
    Full,
    Partial,
}

/// <summary>When anti-entropy runs, as a state machine that is told the time. Not thread-safe: one owner.</summary>
/// <remarks>
/// <para>A full sync is due at start, then 60 s plus up to 60 s · f after each success, and 15 s plus up to 15 s · f after a
/// failure. A server that joined brings it forward to within 3 s · f. f is <see cref="SyncScale.Factor"/>.</para>
/// <para>Partial syncs run on demand, once the last full sync has succeeded and unless a server's joining has just called for
/// another. Triggers coalesce. While paused nothing runs, and what became due runs at resume.</para>
/// </remarks>
internal sealed class SyncMachine(Stagger stagger, TimeSpan start)
{
    public static readonly TimeSpan FullInterval = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ServerJoinedInterval = TimeSpan.FromSeconds(3);

    private TimeSpan _fullDue = start;

    // The catalog has been compared with since the last failure: only then do the marks mean something.
    private bool _compared;
    private bool _serverJoined;
    private bool _changesWanted;
    private int _paused;

    /// <summary>Members of the LAN pool; 1 or more.</summary>
    public int Members { get; set; } = 1;

    public bool Paused => _paused > 0;

    /// <summary>What to do at <paramref name="now"/>; for <see cref="SyncStep.Wait"/>, until when at the latest (null: until something is triggered).</summary>
    public SyncStep Next(TimeSpan now, out TimeSpan? until)
    {
        until = null;
        if (Paused)
        {
            return SyncStep.Wait;
        }

        if (now >= _fullDue)
        {
            return SyncStep.Full;
        }

        if (_compared && _changesWanted && !_serverJoined)
        {
            _changesWanted = false;
            return SyncStep.Partial;
        }

        until = _fullDue;
        return SyncStep.Wait;
    }

    public void TriggerChanges() => _changesWanted = true;

    public void ServerJoined(TimeSpan now)
    {
        if (_serverJoined)
        {
            return;
        }

        _serverJoined = true;
        TimeSpan due = now + stagger(ServerJoinedInterval * Factor);
        _fullDue = due < _fullDue ? due : _fullDue;
    }

    public void FullSyncEnded(bool succeeded, TimeSpan now)
    {
        _serverJoined = false;
        _compared = succeeded;
        TimeSpan interval = succeeded ? FullInterval : RetryInterval;
        _fullDue = now + interval + stagger(interval * Factor);
    }

    public void Pause() => _paused++;

    /// <summary>True when this was the last pause; changes made meanwhile are then wanted.</summary>
    public bool Resume()
    {
        if (_paused == 0)
        {
            throw new InvalidOperationException("anti-entropy was resumed more often than paused");
        }

        if (--_paused > 0)
        {
            return false;
        }

        _changesWanted = true;
        return true;
    }

    private int Factor => SyncScale.Factor(Members);
}
