using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>To a stream, with the destination above each text (<c>-dry</c>). Nothing changes by that.</summary>
internal sealed class DryOutput(TextWriter output) : ITemplateOutput
{
    public bool Write(TemplateConfig config, string text)
    {
        output.Write($"> {config.Destination}\n{text}");
        output.Flush();
        return false;
    }
}
