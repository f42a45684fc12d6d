namespace K8sConsul.TemplateRunner.Engine;

/// <summary>The template language: text in, something that can be rendered out. The runner knows no more of it.</summary>
public interface ITemplateEngine
{
    /// <summary>Reads a template; nothing is executed.</summary>
    /// <exception cref="TemplateRefusedException">The text is no template.</exception>
    IParsedTemplate Parse(TemplateSource source);
}
