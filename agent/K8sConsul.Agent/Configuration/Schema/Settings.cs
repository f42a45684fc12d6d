using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration.Schema;

/// <summary>
/// Decoded values by key, in the schema's spelling. A key that nobody gave is absent, which is how sources are told from
/// each other when they are laid over one another.
/// </summary>
internal sealed class Settings
{
    public static readonly Settings Empty = new();

    private readonly SortedDictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    public bool Has(string key)
    {
        return _values.ContainsKey(key);
    }

    /// <summary>Whether a key was given; a path names it with its sections.</summary>
    public bool HasPath(string path)
    {
        Settings section = this;
        string[] names = path.Split('.');
        foreach (string name in names.SkipLast(1))
        {
            section = section.Section(name);
        }

        return section.Has(names[^1]);
    }

    public object? Raw(string key)
    {
        return _values.GetValueOrDefault(key);
    }

    /// <summary>Values are string, bool, long, double, a list of strings, a map, <see cref="Settings"/>, a list of them, or a tree.</summary>
    public Settings Set(string key, object value)
    {
        _values[key] = value;
        return this;
    }

    public void Remove(string key)
    {
        _values.Remove(key);
    }

    public string? Text(string key)
    {
        return (string?)Raw(key);
    }

    public bool? Flag(string key)
    {
        return (bool?)Raw(key);
    }

    public long? Integer(string key)
    {
        return (long?)Raw(key);
    }

    public double? Real(string key)
    {
        return (double?)Raw(key);
    }

    public IReadOnlyList<string> Texts(string key)
    {
        return (List<string>?)Raw(key) ?? [];
    }

    public IReadOnlyDictionary<string, object> Map(string key)
    {
        return (SortedDictionary<string, object>?)Raw(key) ?? _noMap;
    }

    public SortedDictionary<string, string> TextMap(string key)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, object value) in Map(key))
        {
            texts[name] = (string)value;
        }

        return texts;
    }

    /// <summary>The object below a key; an empty one where nobody gave it.</summary>
    public Settings Section(string key)
    {
        return (Settings?)Raw(key) ?? Empty;
    }

    public IReadOnlyList<Settings> Sections(string key)
    {
        return (List<object>?)Raw(key) is { } items ? [.. items.Cast<Settings>()] : [];
    }

    public IReadOnlyList<ConfigObject> Trees(string key)
    {
        return (List<object>?)Raw(key) is { } items ? [.. items.Cast<ConfigObject>()] : [];
    }

    public ConfigObject? Tree(string key)
    {
        return (ConfigObject?)Raw(key);
    }

    /// <summary>Scalars replace each other, lists grow, maps and objects are laid over key by key.</summary>
    public static Settings Merge(Settings earlier, Settings later)
    {
        var merged = new Settings();
        foreach ((string key, object value) in earlier._values)
        {
            merged._values[key] = value;
        }

        foreach ((string key, object value) in later._values)
        {
            merged._values[key] = merged._values.TryGetValue(key, out object? before) ? Merge(before, value) : value;
        }

        return merged;
    }

    private static object Merge(object earlier, object later)
    {
        return (earlier, later) switch
        {
            (Settings first, Settings second) => Merge(first, second),
            (List<string> first, List<string> second) => new List<string>([.. first, .. second]),
            (List<object> first, List<object> second) => new List<object>([.. first, .. second]),
            (SortedDictionary<string, object> first, SortedDictionary<string, object> second) => Overlay(first, second),
            (ConfigObject first, ConfigObject second) => new ConfigObject(
                [.. first.Keys.Select(key => KeyValuePair.Create(key, first[key])),
                 .. second.Keys.Select(key => KeyValuePair.Create(key, second[key]))],
                first.Position),
            _ => later,
        };
    }

    private static SortedDictionary<string, object> Overlay(
        SortedDictionary<string, object> earlier, SortedDictionary<string, object> later)
    {
        var overlaid = new SortedDictionary<string, object>(earlier, StringComparer.Ordinal);
        foreach ((string key, object value) in later)
        {
            overlaid[key] = value;
        }

        return overlaid;
    }

    private static readonly SortedDictionary<string, object> _noMap = new(StringComparer.Ordinal);
}
