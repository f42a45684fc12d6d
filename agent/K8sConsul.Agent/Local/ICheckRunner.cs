using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>Runs the checks of the registry. Results go to <see cref="LocalState.UpdateCheck"/>.</summary>
public interface ICheckRunner
{
    /// <summary>Begins to run a check, valid and of a kind that this build runs, in place of one with the same id.</summary>
    void Start(string checkId, CheckDefinition definition);

    /// <summary>Ends a check; a run under way gives no result any more. Unknown ids are ignored.</summary>
    void Stop(string checkId);

    /// <summary>Takes the report for a TTL check and begins its time anew.</summary>
    /// <returns>The output as kept, or null when there is no such TTL check.</returns>
    string? ReportTtl(string checkId, CheckStatus status, string output);
}
