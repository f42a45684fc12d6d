namespace K8sConsul.Template;

/// <summary>What one template, and one execution, may ask for.</summary>
public sealed record TemplateLimits
{
    public static TemplateLimits Default { get; } = new();

    /// <summary>UTF-16 units of one text. Default 16 Mi.</summary>
    public int SourceLengthMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Parentheses and control structures within each other, each of which costs stack. Default 500.</summary>
    public int NestingMax { get; init; } = 500;

    /// <summary>
    /// Templates that call each other. Default 100,000 as in Go; where the thread's stack is too small for that it is less, and the
    /// error names the depth reached.
    /// </summary>
    public int TemplateDepthMax { get; init; } = 100_000;

    /// <summary>UTF-16 units that an execution may write, and that one value may have on its way there. Default 64 Mi.</summary>
    public int OutputLengthMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Nodes visited, calls made and values printed; a few million take a second. Default 100 million. It takes the place of a
    /// time limit where a result must not depend on the machine; for time itself give a <see cref="CancellationToken"/>.
    /// </summary>
    public long StepsMax { get; init; } = 100_000_000;
}
