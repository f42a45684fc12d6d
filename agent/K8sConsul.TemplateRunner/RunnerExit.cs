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
}
