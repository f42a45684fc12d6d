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
