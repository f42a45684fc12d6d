using System.Collections;

namespace K8sConsul.Posix;

/// <summary>What is to be started, and how.</summary>
/// <param name="Arguments">The first is the program.</param>
public sealed record SpawnRequest(IReadOnlyList<string> Arguments)
{
    /// <summary>Where the program is; null to take its name as a path, or to look for it in PATH.</summary>
    public string? Path { get; init; }

    /// <summary><c>NAME=value</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>In a process group of its own, so that it can be signalled together with all it has started.</summary>
    public bool OwnGroup { get; init; }

    /// <summary>Its input is at its end from the beginning; else it is ours.</summary>
    public bool EmptyInput { get; init; }

    /// <summary>A descriptor for its output; null for ours.</summary>
    public int? Output { get; init; }

    /// <summary>A descriptor for its errors; null for where its output goes.</summary>
    public int? Errors { get; init; }

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyList<string> OwnEnvironment() =>
        [.. System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static variable => $"{variable.Key}={variable.Value}")];
}
