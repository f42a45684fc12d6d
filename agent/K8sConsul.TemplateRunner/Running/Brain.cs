using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>The last data of every dependency that a template uses.</summary>
internal sealed class Brain : IDependencyView
{
    private readonly Dictionary<Dependency, DependencyData> _data = [];

    public int Count => _data.Count;

    public DependencyData? Recall(Dependency dependency)
    {
        return _data.GetValueOrDefault(dependency);
    }

    public void Remember(Dependency dependency, DependencyData data)
    {
        _data[dependency] = data;
    }

    public void Forget(Dependency dependency)
    {
        _data.Remove(dependency);
    }
}
