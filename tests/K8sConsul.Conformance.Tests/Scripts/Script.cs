namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>One file below Testdata: cases that are played, in order, against one freshly started agent.</summary>
/// <param name="Name">The path below Testdata without its ending, e.g. <c>kv/locks</c>.</param>
/// <param name="Mode">How the agent is started: <c>dev</c> or <c>server</c>.</param>
/// <param name="Config">More configuration, as members of a JSON object; empty for none.</param>
internal sealed record Script(string Name, string Mode, string Config, IReadOnlyList<ScriptCase> Cases)
{
    public override string ToString() => Name;
}

/// <param name="Title">What the case claims.</param>
internal sealed record ScriptCase(string Title, IReadOnlyList<ScriptStep> Steps);

/// <summary>A request with what is to be done with its answer. The file's header explains the notation.</summary>
internal sealed class ScriptStep
{
    /// <summary><see cref="AwaitMethod"/> when the step is not a request but the end of an earlier one.</summary>
    public required string Method { get; init; }

    /// <summary>As it goes over the wire, apart from <c>${captured}</c> values.</summary>
    public required string Target { get; init; }

    public const string AwaitMethod = "AWAIT";

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public List<string> BodyLines { get; } = [];

    /// <summary>A body that is not text: <c>fill</c>, <c>hex</c>, <c>saved</c> or <c>file</c>, with its argument.</summary>
    public (string Kind, string Argument)? MadeBody { get; set; }

    public bool Chunked { get; set; }

    public List<(string Name, string Source, string Path)> Captures { get; } = [];

    public List<string> Masks { get; } = [];

    /// <summary>Repeat the request until the answer holds this text: for what an agent does in the background.</summary>
    public string? Until { get; set; }

    /// <summary>Tell whether the answer took at least this long.</summary>
    public TimeSpan? Slow { get; set; }

    /// <summary>Start the request, and let a later <see cref="AwaitMethod"/> step of this name show its answer.</summary>
    public string? Background { get; set; }

    /// <summary>Keep the body's bytes under this name.</summary>
    public string? Save { get; set; }

    /// <summary>Show only names and kinds of the JSON body: below these members, or everywhere when there are none.</summary>
    public List<string>? Shape { get; set; }

    /// <summary>Show the elements of every JSON array in the order of their texts.</summary>
    public bool Sort { get; set; }

    /// <summary>Show only that there is a body.</summary>
    public bool Binary { get; set; }

    /// <summary>Show the status alone.</summary>
    public bool StatusOnly { get; set; }

    /// <summary>Read no further than the headers: the body does not end.</summary>
    public bool Stream { get; set; }
}
