using K8sConsul.TemplateRunner.Data;

namespace K8sConsul.TemplateRunner.Dependencies;

/// <summary>
/// Something that a template needs to know: one question, asked once however many templates need it. Equal dependencies print
/// alike, and dependencies that print alike are equal.
/// </summary>
/// <remarks>Made by <see cref="DependencyParser"/>.</remarks>
public sealed class Dependency : IEquatable<Dependency>, IComparable<Dependency>
{
    private readonly string _text;

    internal Dependency(DependencyKind kind)
    {
        Kind = kind;
        _text = DependencyText.Print(this);
    }

    internal Dependency(
        DependencyKind kind, string name, string tag = "", ConsulScope? scope = null, string datacenter = "", string near = "",
        IReadOnlyList<string>? filters = null)
    {
        Kind = kind;
        Name = name;
        Tag = tag;
        Scope = scope ?? ConsulScope.Default;
        Datacenter = datacenter;
        Near = near;
        Filters = filters ?? [];
        _text = DependencyText.Print(this);
    }

    public DependencyKind Kind { get; }

    /// <summary>The key, prefix, service, node or path; empty where the kind has none, and for the agent's own node.</summary>
    public string Name { get; } = string.Empty;

    /// <summary>Only instances that have it; empty for all.</summary>
    public string Tag { get; } = string.Empty;

    public ConsulScope Scope { get; } = ConsulScope.Default;

    /// <summary>Empty for the agent's own.</summary>
    public string Datacenter { get; } = string.Empty;

    /// <summary>The node from which distances are counted; empty to sort by name.</summary>
    public string Near { get; } = string.Empty;

    /// <summary>Sorted states of services, at least one for services and none for other kinds; for datacenters <c>reachable</c> or none.</summary>
    public IReadOnlyList<string> Filters { get; } = [];

    /// <summary>The server can filter this itself. All else needs every instance.</summary>
    public bool IsPassingOnly => Filters is [ServiceStatus.Passing];

    /// <summary>
    /// Means the same on every host, so that one instance may ask for all (de-duplication). A leaf's key stays on its host, and
    /// the node and files are each host's own.
    /// </summary>
    public bool IsShareable => Kind is not (DependencyKind.CatalogNode or DependencyKind.File or DependencyKind.CaLeaf)
        && Near is not "_agent";

    /// <summary>Asked from Consul with blocking queries, each of which keeps a connection busy.</summary>
    public bool IsBlockingQuery => Kind is not (DependencyKind.File or DependencyKind.CatalogDatacenters);

    public bool Accepts(string status)
    {
        foreach (string filter in Filters)
        {
            if (filter is ServiceStatus.Any || string.Equals(filter, status, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(Dependency? other)
    {
        return other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);
    }

    public override bool Equals(object? obj)
    {
        return Equals(obj as Dependency);
    }

    public override int GetHashCode()
    {
        return _text.GetHashCode(StringComparison.Ordinal);
    }

    public int CompareTo(Dependency? other)
    {
        return string.CompareOrdinal(_text, other?._text);
    }

    /// <summary>As logs show it: <c>health.service(tag.name@dc~near|passing)</c>, <c>kv.get(key)</c>.</summary>
    public override string ToString()
    {
        return _text;
    }

    public static bool operator ==(Dependency? left, Dependency? right)
    {
        return Equals(left, right);
    }

    public static bool operator !=(Dependency? left, Dependency? right)
    {
        return !Equals(left, right);
    }

    public static bool operator <(Dependency left, Dependency right)
    {
        return left.CompareTo(right) < 0;
    }

    public static bool operator >(Dependency left, Dependency right)
    {
        return left.CompareTo(right) > 0;
    }

    public static bool operator <=(Dependency left, Dependency right)
    {
        return left.CompareTo(right) <= 0;
    }

    public static bool operator >=(Dependency left, Dependency right)
    {
        return left.CompareTo(right) >= 0;
    }
}
