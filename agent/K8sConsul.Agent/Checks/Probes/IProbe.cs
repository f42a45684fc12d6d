using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>One way to find out a status. Stateless: one instance serves all checks of its kind at once.</summary>
public interface IProbe
{
    /// <summary>
    /// Runs once, and keeps the check's time limit and at most <paramref name="outputMax"/> (1 or more) bytes of output. Whatever
    /// the target does is a result; only <paramref name="stop"/> throws.
    /// </summary>
    Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop);
}
