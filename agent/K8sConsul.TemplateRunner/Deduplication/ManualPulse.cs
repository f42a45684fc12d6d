namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>Wakes one waiter for each set; a set that nobody waits for is kept, and further ones join it.</summary>
internal sealed class ManualPulse
{
    private readonly LatestOnly<bool> _place = new();

    public void Set()
    {
        _place.Offer(value: true);
    }

    /// <summary>Returns after the time even when nothing was set.</summary>
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await _place.TakeAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Long enough.
        }
    }
}
