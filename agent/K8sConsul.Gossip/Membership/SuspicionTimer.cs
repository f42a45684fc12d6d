namespace K8sConsul.Gossip;

/// <summary>One running suspicion: a thin wrapper that lets <see cref="Suspicion"/> decide.</summary>
internal sealed class SuspicionTimer
{
    private readonly CoreContext _context;
    private readonly HashSet<string> _accusers = new(StringComparer.Ordinal);
    private readonly int _expected;
    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private readonly TimeSpan _start;
    private readonly Action<int> _expired;
    private TimerEntry _timer;

    /// <summary>Starts to wait.</summary>
    /// <param name="context">Clock and timers.</param>
    /// <param name="from">The first accuser, who does not count as a confirmation.</param>
    /// <param name="expected">Confirmations waited for.</param>
    /// <param name="min">Timeout with all of them.</param>
    /// <param name="max">Timeout with none.</param>
    /// <param name="expired">Gets the number of confirmations.</param>
    public SuspicionTimer(CoreContext context, string from, int expected, TimeSpan min, TimeSpan max, Action<int> expired)
    {
        (_context, _expected, _min, _max, _start, _expired) = (context, expected, min, max, context.Now, expired);
        _accusers.Add(from);
        _timer = context.After(expected < 1 ? min : max, Expire);
    }

    public int Confirmations { get; private set; }

    /// <summary>Takes note of another accuser.</summary>
    /// <returns>True if that is news, which should be passed on.</returns>
    public bool Confirm(string from)
    {
        if (Confirmations >= _expected || !_accusers.Add(from))
        {
            return false;
        }

        Confirmations++;
        if (_timer.IsPending)
        {
            _timer.Cancel();
            TimeSpan remaining = Suspicion.Remaining(Confirmations, _expected, _context.Now - _start, _min, _max);
            _timer = _context.After(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero, Expire);
        }

        return true;
    }

    public void Cancel() => _timer.Cancel();

    private void Expire() => _expired(Confirmations);
}
