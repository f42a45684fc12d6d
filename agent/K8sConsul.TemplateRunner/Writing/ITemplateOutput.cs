using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Writing;

/// <summary>Where rendered texts go.</summary>
internal interface ITemplateOutput
{
    /// <param name="config">Where and how.</param>
    /// <param name="text">What.</param>
    /// <param name="check">Looks at a file with a changed text before that is used, and throws to keep the former one.</param>
    /// <returns>True when something is another now, so that commands follow.</returns>
    /// <exception cref="RenderFailedException">Nothing has changed.</exception>
    Task<bool> WriteAsync(TemplateConfig config, string text, Func<string, Task> check);
}
