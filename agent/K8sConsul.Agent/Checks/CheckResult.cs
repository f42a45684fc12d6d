using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks;

/// <summary>What one run of a check found out.</summary>
public readonly record struct CheckResult(CheckStatus Status, string Output)
{
    public static CheckResult Passing(string output) => new(CheckStatus.Passing, output);

    public static CheckResult Critical(string output) => new(CheckStatus.Critical, output);
}
