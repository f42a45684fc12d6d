namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What the command line asks for.</summary>
public enum ConfigOutcome
{
    Run,
    Help,
    Version,

    /// <summary>A flag is wrong: exit code 13.</summary>
    FlagRefused,

    /// <summary>A file or a value is wrong: exit code 15.</summary>
    ConfigRefused,
}
