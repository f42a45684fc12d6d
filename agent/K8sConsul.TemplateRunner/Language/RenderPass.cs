using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>One execution of a template: what it asks for, and what of that is not known.</summary>
internal sealed class RenderPass(IDependencyView view)
{
    private readonly HashSet<Dependency> _used = [];
    private readonly HashSet<Dependency> _missing = [];

    public IReadOnlyCollection<Dependency> Used => _used;

    public IReadOnlyCollection<Dependency> Missing => _missing;

    /// <summary>The data of a dependency; null, and the dependency is missing, when there is none yet.</summary>
    public T? Ask<T>(Dependency dependency)
        where T : DependencyData
    {
        _used.Add(dependency);
        if (view.Recall(dependency) is not { } data)
        {
            _missing.Add(dependency);
            return null;
        }

        return data as T ?? throw new InvalidOperationException($"{dependency} has data of type {data.GetType().Name}");
    }

    /// <summary>There is an answer, but not one to write down.</summary>
    public void Miss(Dependency dependency)
    {
        _missing.Add(dependency);
    }
}
