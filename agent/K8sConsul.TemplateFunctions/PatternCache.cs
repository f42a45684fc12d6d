using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Compiled patterns, of which a template has few and uses each often.</summary>
internal sealed class PatternCache
{
    private const int CountMax = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, GoPattern> _patterns = new(StringComparer.Ordinal);

    /// <exception cref="TemplateFunctionException">In Go's words: <c>error parsing regexp: …</c>.</exception>
    public GoPattern Get(string source)
    {
        lock (_lock)
        {
            if (_patterns.TryGetValue(source, out GoPattern? known))
            {
                return known;
            }
        }

        if (!GoPattern.TryCompile(source, out GoPattern? pattern, out string? error))
        {
            throw new TemplateFunctionException(error);
        }

        lock (_lock)
        {
            if (_patterns.Count >= CountMax)
            {
                _patterns.Clear();
            }

            _patterns[source] = pattern;
        }

        return pattern;
    }

    /// <returns>Null for what is no pattern.</returns>
    public GoPattern? TryGet(string source)
    {
        try
        {
            return Get(source);
        }
        catch (TemplateFunctionException)
        {
            return null;
        }
    }

    /// <summary>In the words of <c>regexp.MustCompile</c>.</summary>
    public GoPattern GetOrPanic(string source)
    {
        try
        {
            return Get(source);
        }
        catch (TemplateFunctionException refused)
        {
            string shown = source.Contains('`', StringComparison.Ordinal) ? GoText.Quote(source) : $"`{source}`";
            throw new TemplateFunctionException($"regexp: Compile({shown}): {refused.Message}", refused);
        }
    }

    /// <summary>For the searches of one call: counts what they may look at.</summary>
    public static Action<int> Cost(TemplateCall call) => length => call.CountSteps(1 + (length / 64));

    /// <summary>The same where every match is kept.</summary>
    public static Action<int> ItemCost(TemplateCall call) => length => call.CountSteps(16 + (length / 64));
}
