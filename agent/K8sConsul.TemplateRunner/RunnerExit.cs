using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner;

/// <summary>Exit codes. In exec mode a child that ends by itself gives its own.</summary>
public static class RunnerExit
{
    public const int Success = 0;

    public const int Error = 11;

    /// <summary>Stopped by a signal.</summary>
    public const int Interrupted = 12;

    public const int FlagRefused = 13;

    /// <summary>A template, a command, or Consul failed for good.</summary>
    public const int RunFailed = 14;

    public const int ConfigRefused = 15;

    /// <summary>Of a command line that does not lead to a run; help and version are a success.</summary>
    public static int Of(ConfigOutcome outcome)
    {
        return outcome switch
        {
            ConfigOutcome.FlagRefused => FlagRefused,
            ConfigOutcome.ConfigRefused => ConfigRefused,
            _ => Success,
        };
    }
}
