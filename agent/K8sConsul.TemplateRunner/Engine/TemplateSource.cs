namespace K8sConsul.TemplateRunner.Engine;

/// <summary>A template's text and how it is to be read.</summary>
public sealed record TemplateSource
{
    /// <summary>The template's path, for logs; empty for one that stands in the configuration.</summary>
    public string Path { get; init; } = string.Empty;

    public required string Text { get; init; }

    public string LeftDelimiter { get; init; } = "{{";

    public string RightDelimiter { get; init; } = "}}";

    /// <summary>A map's absent key is an error instead of an empty value.</summary>
    public bool ErrorOnMissingKey { get; init; }

    /// <summary>Names, or globs of names (<see cref="Go.GoGlob"/>), of functions that fail with <c>function is disabled</c>.</summary>
    public IReadOnlyList<string> FunctionDenylist { get; init; } = [];

    /// <summary>Variables that go before those of the process: how Consul is reached, as a command would find it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Nothing is to be written anywhere.</summary>
    public bool IsDry { get; init; }

    /// <summary>A list of instances with fewer counts as missing.</summary>
    public int MinInstances { get; init; }

    /// <summary>An empty list from Consul counts as missing.</summary>
    public bool KeepLastOnEmpty { get; init; }

    /// <summary>Files outside are refused by <c>file</c>; empty for no limit.</summary>
    public string SandboxPath { get; init; } = string.Empty;
}
