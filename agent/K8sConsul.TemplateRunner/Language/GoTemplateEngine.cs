using K8sConsul.Template;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>Go's text/template with the functions that ask Consul, and whatever helpers the host adds.</summary>
/// <param name="helpers">Functions beside those that ask Consul.</param>
public sealed class GoTemplateEngine(TemplateFunctions helpers) : ITemplateEngine
{
    public IParsedTemplate Parse(TemplateSource source)
    {
        TemplateFunctions functions = new TemplateFunctions().AddAll(helpers).AddAll(ApiFunctions.Create(source.SandboxPath));
        foreach (string name in functions.Names.Where(name => GoGlob.IsAnyMatch(source.FunctionDenylist, name)).ToList())
        {
            functions.AddVariadic<object?, object?>(name, static _ => throw new TemplateFunctionException("function is disabled"));
        }

        try
        {
            TemplateSet set = new TemplateSet(functions).Parse("", source.Text, new Delimiters(source.LeftDelimiter, source.RightDelimiter));
            return new ParsedTemplate(set, source.ErrorOnMissingKey ? MissingKey.Error : MissingKey.Zero);
        }
        catch (TemplateException refusal)
        {
            throw new TemplateRefusedException(refusal.Message, refusal);
        }
    }

    private sealed class ParsedTemplate(TemplateSet set, MissingKey missingKey) : IParsedTemplate
    {
        public RenderOutcome Render(IDependencyView view, CancellationToken cancellationToken)
        {
            var pass = new RenderPass(view);
            try
            {
                string text = set.Execute("", data: null, new TemplateRun { MissingKey = missingKey, State = pass }, cancellationToken);
                return new RenderOutcome { Text = text, Used = pass.Used, Missing = pass.Missing };
            }
            catch (TemplateException failure)
            {
                return new RenderOutcome { Error = failure.Message, Used = pass.Used, Missing = pass.Missing };
            }
        }
    }
}
