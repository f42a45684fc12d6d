namespace K8sConsul.Template;

/// <summary>How to read one family of .NET types: its Go type, and its items if it is a list or map.</summary>
internal abstract class Shape
{
    public abstract GoType TypeOf(object data);

    public virtual int Count(object data) => 0;

    /// <summary>Of a list; the index is valid.</summary>
    public virtual object? ItemAt(object data, int index) => null;

    /// <summary>Of a map.</summary>
    public virtual bool TryGet(object data, object key, out object? value)
    {
        value = null;
        return false;
    }

    /// <summary>Of a map, in any order.</summary>
    public virtual IEnumerable<KeyValuePair<object, object?>> Entries(object data) => [];
}
