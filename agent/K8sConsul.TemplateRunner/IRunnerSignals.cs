namespace K8sConsul.TemplateRunner;

/// <summary>The signals sent to this process, by their numbers on Linux.</summary>
public interface IRunnerSignals
{
    /// <summary>Waits for the next one; none is lost between two calls.</summary>
    ValueTask<int> NextAsync(CancellationToken cancellationToken);
}
