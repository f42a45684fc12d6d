using System.Collections.Immutable;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Parsed templates that know each other by name. A set never changes: it may be executed by many threads at once.</summary>
/// <remarks>
/// The language is Go's text/template as of Go 1.24. <see cref="Parse(string, string, Delimiters)"/> adds the templates of one more
/// text and gives the larger set; a definition in a later text takes the place of an earlier one, unless it is blank.
/// </remarks>
public sealed class TemplateSet
{
    private readonly ImmutableDictionary<string, TemplateTree> _trees;
    private readonly TemplateLimits _limits;

    /// <param name="functions">What the templates may call besides the built-in functions. Other names are refused when parsing.</param>
    /// <param name="limits">Those of parsing; an execution has its own.</param>
    public TemplateSet(TemplateFunctions? functions = null, TemplateLimits? limits = null)
        : this(ImmutableDictionary.Create<string, TemplateTree>(StringComparer.Ordinal), functions ?? new(), limits ?? new())
    {
    }

    private TemplateSet(ImmutableDictionary<string, TemplateTree> trees, TemplateFunctions functions, TemplateLimits limits)
    {
        _trees = trees;
        Functions = functions;
        _limits = limits;
    }

    public TemplateFunctions Functions { get; }

    /// <summary>Of all templates, in no order.</summary>
    public IEnumerable<string> Names => _trees.Keys;

    public bool Contains(string name) => _trees.ContainsKey(name);

    /// <inheritdoc cref="Parse(string, string, Delimiters)"/>
    public TemplateSet Parse(string name, string text) => Parse(name, text, Delimiters.Default);

    /// <summary>This set and the templates of one more text.</summary>
    /// <param name="name">Of the text's own template, and of the text in errors. Consul-template's is empty.</param>
    /// <param name="text">The source.</param>
    /// <param name="delimiters">Around actions.</param>
    /// <exception cref="TemplateException">The text is refused: <c>template: NAME:LINE: MESSAGE</c>.</exception>
    public TemplateSet Parse(string name, string text, Delimiters delimiters)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        ImmutableDictionary<string, TemplateTree>.Builder trees = _trees.ToBuilder();
        foreach ((string treeName, TemplateTree tree) in Parser.Parse(name, text, delimiters, Functions.Knows, _limits))
        {
            if (!tree.Root.IsBlank || !trees.ContainsKey(treeName))
            {
                trees[treeName] = tree;
            }
        }

        return new TemplateSet(trees.ToImmutable(), Functions, _limits);
    }

    /// <summary>This set less one template; where others call it by name they fail.</summary>
    public TemplateSet Without(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new TemplateSet(_trees.Remove(name), Functions, _limits);
    }

    /// <inheritdoc cref="Execute(string, object?, TextWriter, TemplateRun, CancellationToken)"/>
    /// <returns>What it prints.</returns>
    public string Execute(string name, object? data, TemplateRun? run = null, CancellationToken cancellation = default)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Execute(name, data, text, run ?? TemplateRun.Default, cancellation);
        return text.ToString();
    }

    /// <summary>Executes a template.</summary>
    /// <param name="name">One of the set's.</param>
    /// <param name="data">What the dot, and <c>$</c>, stand for at first. Not changed, and not to be changed meanwhile.</param>
    /// <param name="output">Gets what was printed before an error, too.</param>
    /// <param name="run">Options.</param>
    /// <param name="cancellation">Ends the execution with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="TemplateException">It fails: <c>template: NAME:LINE:COL: executing "NAME" at &lt;NODE&gt;: MESSAGE</c>.</exception>
    public void Execute(string name, object? data, TextWriter output, TemplateRun run, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(run);
        var budget = new Budget(run.Limits, cancellation);
        Frame.Execute(new Execution(this, run, budget), Find(name), Value.Of(data), new Output(output, budget), depth: 0);
    }

    internal TemplateTree Find(string name)
    {
        return TryFind(name)
            ?? throw new TemplateException(TemplateErrorKind.Execute, $"template: no template {GoText.Quote(name)} in the set");
    }

    internal TemplateTree? TryFind(string name) => _trees.GetValueOrDefault(name);
}
