using K8sConsul.Template.Functions;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>One execution of a template: what it asks for, what of that is not known, and what it keeps while it lasts.</summary>
internal sealed class RenderPass(IDependencyView view) : IScratchHolder
{
    private readonly HashSet<Dependency> _used = [];
    private readonly HashSet<Dependency> _missing = [];
    private readonly List<Action> _effects = [];

    public IReadOnlyCollection<Dependency> Used => _used;

    public IReadOnlyCollection<Dependency> Missing => _missing;

    public Scratch Scratch { get; } = new();

    public int MinInstances { get; init; }

    public bool KeepLastOnEmpty { get; init; }

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

    /// <summary>A list came; it may be too short to be written down.</summary>
    public IReadOnlyList<T> Listed<T>(Dependency dependency, IReadOnlyList<T> items, int countMin = 0)
    {
        if (items.Count < Math.Max(countMin, KeepLastOnEmpty ? 1 : 0))
        {
            Miss(dependency);
        }

        return items;
    }

    /// <summary>To be done after an execution that lacked nothing, in the order of the calls; else never.</summary>
    public void WhenComplete(Action effect)
    {
        _effects.Add(effect);
    }

    /// <summary>After the execution.</summary>
    public void Complete()
    {
        if (_missing.Count == 0)
        {
            foreach (Action effect in _effects)
            {
                effect();
            }
        }
    }
}
