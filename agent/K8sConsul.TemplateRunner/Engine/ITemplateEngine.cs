namespace K8sConsul.TemplateRunner.Engine;

/// <summary>The template language: text in, something that can be rendered out. The runner knows no more of it.</summary>
public interface ITemplateEngine
{
    /// <summary>Reads a template; nothing is executed.</summary>
    /// <exception cref="TemplateRefusedException">The text is no template.</exception>
    IParsedTemplate Parse(TemplateSource source);
}

/// <summary>A template that was read. Rendered by one thread at a time, many times.</summary>
public interface IParsedTemplate
{
    /// <summary>
    /// Executes the template on what is known. Its functions ask <paramref name="view"/>, and take the empty value of their type
    /// for what is not known yet.
    /// </summary>
    /// <param name="view">What is known, for this execution only.</param>
    /// <param name="cancellationToken">The runner is being stopped.</param>
    /// <returns>Mistakes of execution are in <see cref="RenderOutcome.Error"/>.</returns>
    RenderOutcome Render(IDependencyView view, CancellationToken cancellationToken);
}

/// <summary>What is known. Whoever looks here leaves a trace: see <see cref="RenderOutcome.Used"/>.</summary>
public interface IDependencyView
{
    /// <summary>The last data; null when there is none yet.</summary>
    Data.DependencyData? Recall(Dependencies.Dependency dependency);
}

/// <summary>A template cannot be read; the message is the language's own.</summary>
public sealed class TemplateRefusedException : Exception
{
    public TemplateRefusedException(string message)
        : base(message)
    {
    }

    public TemplateRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
