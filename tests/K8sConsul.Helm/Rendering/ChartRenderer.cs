using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>Parses all templates into one set, then executes each that is no partial.</summary>
internal static class ChartRenderer
{
    /// <summary>By path, what each prints.</summary>
    /// <exception cref="HelmException">One of them is refused or fails.</exception>
    public static SortedDictionary<string, string> Render(IEnumerable<TemplateFile> files, FunctionHost host)
    {
        List<TemplateFile> ordered = TemplateFile.InOrder(files);
        var templates = new TemplateSet(HelmFunctions.Create(host));
        foreach (TemplateFile file in ordered)
        {
            try
            {
                templates = templates.Parse(file.Path, file.Text);
            }
            catch (TemplateException refused)
            {
                throw ErrorTexts.OfParsing(refused);
            }
        }

        var run = new TemplateRun { MissingKey = MissingKey.Zero, State = new RenderState() };
        var printed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (TemplateFile file in ordered.Where(file => !file.IsPartial))
        {
            file.Root["Template"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["Name"] = file.Path, ["BasePath"] = file.BasePath };
            try
            {
                printed[file.Path] = ErrorTexts.WithoutNoValue(templates.Execute(file.Path, file.Root, run));
            }
            catch (TemplateException failed)
            {
                throw ErrorTexts.OfExecution(failed);
            }
        }

        return printed;
    }
}
