namespace K8sConsul.TemplateRunner.Watching;

/// <summary>Asks for one dependency. One request at a time.</summary>
internal interface IDependencyFetcher
{
    /// <summary>Returns when there is something newer than the index, or when nothing has come for the time to wait.</summary>
    /// <exception cref="DependencyFailedException">No answer. What was known stays known.</exception>
    ValueTask<FetchAnswer> FetchAsync(FetchRequest request, CancellationToken cancellationToken);
}
