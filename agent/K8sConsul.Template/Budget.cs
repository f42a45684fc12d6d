namespace K8sConsul.Template;

/// <summary>Counts what an execution uses, and ends it at a limit or when its caller cancels.</summary>
internal sealed class Budget(TemplateLimits limits, CancellationToken cancellation)
{
    // A look at the token costs more than a step.
    private const int StepsPerLook = 256;

    private long _steps;
    private long _nextLook;

    public TemplateLimits Limits { get; } = limits;

    public CancellationToken Cancellation { get; } = cancellation;

    public void CountSteps(int steps)
    {
        _steps += steps;
        if (_steps < _nextLook)
        {
            return;
        }

        Cancellation.ThrowIfCancellationRequested();
        if (_steps > Limits.StepsMax)
        {
            throw new LimitReachedException($"execution takes more than {Limits.StepsMax} steps");
        }

        _nextLook = Math.Min(_steps + StepsPerLook, Limits.StepsMax + 1);
    }

    /// <param name="length">Of a text that is being made, in UTF-16 units.</param>
    public void CheckLength(long length)
    {
        if (length > Limits.OutputLengthMax)
        {
            throw new LimitReachedException($"output has more than {Limits.OutputLengthMax} characters");
        }
    }
}
