using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>Where data comes from.</summary>
internal interface IDependencySource
{
    /// <summary>Something to ask again and again; nothing is asked yet.</summary>
    IDependencyFetcher Open(Dependency dependency);
}
