using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>The time limits of checks that name none.</summary>
internal static class ProbeTimeout
{
    public static readonly TimeSpan Network = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Script = TimeSpan.FromSeconds(30);

    public static TimeSpan Of(CheckDefinition check, TimeSpan standard) => check.Timeout > TimeSpan.Zero ? check.Timeout : standard;
}
