using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks;

/// <summary>One check under the scheduler's care. Its fields belong to the scheduler's lock.</summary>
internal sealed class ScheduledCheck(string id, CheckDefinition definition, int outputMax)
{
    public string Id => id;

    public CheckDefinition Definition => definition;

    public int OutputMax => outputMax;

    /// <summary>Cancelled when the check is stopped or replaced: its results no longer count.</summary>
    public CancellationTokenSource Stop { get; } = new();

    public StatusThresholds Thresholds { get; } =
        new(definition.SuccessBeforePassing, definition.FailuresBeforeWarning, definition.FailuresBeforeCritical);

    /// <summary>For a TTL check: when it expires unless it is reported again, on the monotonic clock.</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>For a TTL check: it stands in the queue, maybe with an older deadline.</summary>
    public bool Queued { get; set; }

    /// <summary>For a TTL check: the last report, quoted when it expires.</summary>
    public string LastOutput { get; set; } = "";

    /// <summary>The last published status, so that only changes are logged loudly.</summary>
    public CheckStatus? Published { get; set; }
}
