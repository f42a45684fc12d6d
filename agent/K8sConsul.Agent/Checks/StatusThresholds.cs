using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks;

/// <summary>
/// Damps flapping: decides which results of a check are published. Both counters begin at their thresholds, so that the
/// first result always is; value N then means the N-th result of its kind in a row, and 0 is the same as 1.
/// </summary>
internal sealed class StatusThresholds
{
    private readonly int _successBeforePassing;
    private readonly int _failuresBeforeWarning;
    private readonly int _failuresBeforeCritical;
    private int _successes;
    private int _failures;

    public StatusThresholds(int successBeforePassing, int failuresBeforeWarning, int failuresBeforeCritical)
    {
        _successBeforePassing = _successes = successBeforePassing;
        _failuresBeforeCritical = _failures = failuresBeforeCritical;

        // Zero means "as critical", so that no warning is made up.
        _failuresBeforeWarning = failuresBeforeWarning > 0 ? failuresBeforeWarning : failuresBeforeCritical;
    }

    public int Successes => _successes;

    public int Failures => _failures;

    /// <summary>Counts a result. Passing and warning are successes.</summary>
    /// <returns>The status to publish, or null to keep the one before.</returns>
    public CheckStatus? Count(CheckStatus result)
    {
        if (result != CheckStatus.Critical)
        {
            _failures = 0;
            _successes = Next(_successes);
            return _successes >= _successBeforePassing ? result : null;
        }

        _successes = 0;
        _failures = Next(_failures);
        return _failures >= _failuresBeforeCritical ? CheckStatus.Critical
            : _failures >= _failuresBeforeWarning ? CheckStatus.Warning
            : null;
    }

    private static int Next(int count) => count == int.MaxValue ? count : count + 1;
}
