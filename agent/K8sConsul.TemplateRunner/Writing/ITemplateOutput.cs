using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>Where rendered texts go.</summary>
internal interface ITemplateOutput
{
    /// <returns>True when something is another now, so that commands follow.</returns>
    /// <exception cref="RenderFailedException">Nothing has changed.</exception>
    bool Write(TemplateConfig config, string text);
}
