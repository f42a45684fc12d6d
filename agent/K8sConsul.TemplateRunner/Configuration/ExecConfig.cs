namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>A program: the child that is kept an eye on, or a template's command.</summary>
public sealed record ExecConfig
{
    public bool Enabled { get; init; }

    /// <summary>One word or several: started as they are. One string with blanks: given to a shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public EnvConfig Env { get; init; } = new();

    public int KillSignal { get; init; } = SignalNames.Interrupt;

    public TimeSpan KillTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><see cref="SignalNames.None"/> restarts the child instead.</summary>
    public int ReloadSignal { get; init; } = SignalNames.None;

    /// <summary>A stop waits a random time up to this, so that not all instances stop at once.</summary>
    public TimeSpan Splay { get; init; }

    /// <summary>Zero for no limit. Commands of templates have 30 s.</summary>
    public TimeSpan Timeout { get; init; }
}
