namespace K8sConsul.TemplateRunner.Running;

/// <summary>Waits until changes have ended: each tick puts the firing off by the minimum, but never beyond the maximum since the first.</summary>
/// <remarks>Times are spans since any fixed moment, monotonic.</remarks>
internal sealed class QuiescenceTimer(TimeSpan min, TimeSpan max)
{
    private TimeSpan _deadline;

    /// <summary>Null while nothing has changed. Never after the deadline.</summary>
    public TimeSpan? FireAt { get; private set; }

    /// <summary>Something has changed.</summary>
    public void Tick(TimeSpan now)
    {
        if (FireAt is null)
        {
            _deadline = now + max;
        }

        TimeSpan quiet = now + min;
        FireAt = quiet < _deadline ? quiet : _deadline;
    }

    /// <summary>True once for each firing that is due.</summary>
    public bool TakeFiring(TimeSpan now)
    {
        if (FireAt is not { } due || due > now)
        {
            return false;
        }

        FireAt = null;
        return true;
    }
}
