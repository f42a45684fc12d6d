using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>To files.</summary>
internal sealed class FileOutput(FileWriter writer) : ITemplateOutput
{
    public bool Write(TemplateConfig config, string text)
    {
        return writer.Write(config, text);
    }
}
