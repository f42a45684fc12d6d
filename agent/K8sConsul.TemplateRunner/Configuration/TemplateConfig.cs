namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>One template and what becomes of its text.</summary>
public sealed record TemplateConfig
{
    /// <summary>The file; empty when <see cref="Contents"/> has the text.</summary>
    public string Source { get; init; } = string.Empty;

    public string Contents { get; init; } = string.Empty;

    /// <summary>Empty only for a dry run.</summary>
    public string Destination { get; init; } = string.Empty;

    public bool CreateDestDirs { get; init; } = true;

    /// <summary>Run after a change; no command for none.</summary>
    public ExecConfig Exec { get; init; } = new();

    /// <summary><see cref="UnixFileMode.None"/> keeps the file's mode; a new one then gets 0644.</summary>
    public UnixFileMode Perms { get; init; }

    /// <summary>Name or number; empty keeps the owner.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Name or number; empty keeps the group.</summary>
    public string Group { get; init; } = string.Empty;

    public bool Backup { get; init; }

    /// <summary>
    /// <c>check_command</c>: run on a changed text before it takes the destination's place, with its path in <c>CONSUL_TEMPLATE_FILE</c>.
    /// Where it fails the former file stays and no command follows. No command for none.
    /// </summary>
    public ExecConfig Check { get; init; } = new();

    /// <summary>
    /// <c>write_mode = "inplace"</c>: the destination is overwritten instead of replaced, for a file that is mounted by itself and
    /// would not see the replacement. Readers may see half a file.
    /// </summary>
    public bool WriteInPlace { get; init; }

    /// <summary><c>min_instances</c>: with fewer in any list of <c>service</c> or <c>connect</c> the template waits, and the file stays as it is.</summary>
    public int MinInstances { get; init; }

    /// <summary><c>keep_last_on_empty</c>: the same for any list from Consul that is empty.</summary>
    public bool KeepLastOnEmpty { get; init; }

    /// <summary>Null for the global one.</summary>
    public WaitConfig? Wait { get; init; }

    public string LeftDelimiter { get; init; } = "{{";

    public string RightDelimiter { get; init; } = "}}";

    public bool ErrorOnMissingKey { get; init; }

    public bool ErrorFatal { get; init; } = true;

    public IReadOnlyList<string> FunctionDenylist { get; init; } = [];

    public string SandboxPath { get; init; } = string.Empty;

    /// <summary>As errors show it: <c>"source" => "destination"</c>.</summary>
    public string Display => $"\"{(Contents.Length > 0 ? "(dynamic)" : Source)}\" => \"{Destination}\"";
}
