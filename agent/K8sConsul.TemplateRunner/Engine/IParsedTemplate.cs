namespace K8sConsul.TemplateRunner.Engine;

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
