using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using K8sConsul.Go;
using K8sConsul.Template;
using K8sConsul.Template.Functions;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>Go's text/template with every function of consul-template: those that ask Consul, its helpers, Sprig's.</summary>
public sealed class GoTemplateEngine : ITemplateEngine
{
    private readonly EngineHost _host;
    private readonly TemplateFunctions _sprig = new TemplateFunctions().AddHermeticSprig();
    private readonly TemplateFunctions _added;

    // There are hundreds of functions and may be thousands of templates: those that may call the same share a table. The templates of one
    // configuration have one list of variables, the same object, and their tables go when it goes.
    private readonly ConditionalWeakTable<IReadOnlyList<KeyValuePair<string, string>>, ConcurrentDictionary<TableKey, TemplateFunctions>> _tables = [];

    public GoTemplateEngine(EngineHost host)
        : this(host, new TemplateFunctions())
    {
    }

    /// <param name="host">This machine.</param>
    /// <param name="added">Functions beside the usual ones, or in their place.</param>
    internal GoTemplateEngine(EngineHost host, TemplateFunctions added)
    {
        _host = host;
        _added = added;
    }

    public IParsedTemplate Parse(TemplateSource source)
    {
        try
        {
            TemplateSet set = new TemplateSet(TableFor(source)).Parse("", source.Text, new Delimiters(source.LeftDelimiter, source.RightDelimiter));
            return new ParsedTemplate(set, source);
        }
        catch (TemplateException refusal)
        {
            throw new TemplateRefusedException(refusal.Message, refusal);
        }
    }

    /// <summary>All that this template may call, before its denylist.</summary>
    internal TemplateFunctions FunctionsOf(TemplateSource source)
    {
        var helpers = new FunctionHost
        {
            Environment = name => Find(source.Environment, name) ?? _host.Environment(name),
            Clock = _host.Time.GetUtcNow,
            Debug = _host.Debug,
        };
        return new TemplateFunctions()
            .AddAll(_sprig)
            .AddConsulTemplateHelpers(helpers)
            .AddAll(MachineFunctions.Create(_host, source))
            .AddAll(ApiFunctions.Create(source.SandboxPath))
            .AddAll(_added);
    }

    private TemplateFunctions TableFor(TemplateSource source)
    {
        var key = new TableKey(source.SandboxPath, source.IsDry, string.Join('\n', source.FunctionDenylist));
        return _tables.GetValue(source.Environment, static _ => []).GetOrAdd(key, _ => CreateTable(source));
    }

    private TemplateFunctions CreateTable(TemplateSource source)
    {
        TemplateFunctions functions = FunctionsOf(source);
        foreach (string name in functions.Names.Where(name => GoGlob.IsAnyMatch(source.FunctionDenylist, name)).ToList())
        {
            functions.AddVariadic<object?, object?>(name, static _ => throw new TemplateFunctionException("function is disabled"));
        }

        return functions;
    }

    private static string? Find(IReadOnlyList<KeyValuePair<string, string>> variables, string name)
    {
        foreach ((string known, string value) in variables)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>What of a source its functions depend on, beside its variables.</summary>
    private readonly record struct TableKey(string SandboxPath, bool IsDry, string Denylist);

    private sealed class ParsedTemplate(TemplateSet set, TemplateSource source) : IParsedTemplate
    {
        public RenderOutcome Render(IDependencyView view, CancellationToken cancellationToken)
        {
            var pass = new RenderPass(view) { MinInstances = source.MinInstances, KeepLastOnEmpty = source.KeepLastOnEmpty };
            MissingKey missingKey = source.ErrorOnMissingKey ? MissingKey.Error : MissingKey.Zero;
            try
            {
                string text = set.Execute("", data: null, new TemplateRun { MissingKey = missingKey, State = pass }, cancellationToken);
                pass.Complete();
                return new RenderOutcome { Text = text, Used = pass.Used, Missing = pass.Missing };
            }
            catch (Exception failure) when (failure is TemplateException or TemplateFunctionException)
            {
                return new RenderOutcome { Error = failure.Message, Used = pass.Used, Missing = pass.Missing };
            }
        }
    }
}
