using System.Globalization;

namespace K8sConsul.Hcl;

/// <summary>What an HCL or JSON text says, without the difference between the two.</summary>
public abstract class ConfigValue
{
    private protected ConfigValue(SourcePosition position)
    {
        Position = position;
    }

    /// <summary>Where the value begins.</summary>
    public SourcePosition Position { get; }

    /// <summary>Go's name of the type that Consul's decoder holds for such a value; error texts show it.</summary>
    public abstract string GoTypeName { get; }

    /// <summary>The kind part of <see cref="GoTypeName"/>: <c>slice</c>, <c>map</c> or the scalar's name.</summary>
    public abstract string GoKind { get; }
}

public sealed class ConfigText(string value, SourcePosition position) : ConfigValue(position)
{
    public string Value { get; } = value;

    public override string GoTypeName => "string";

    public override string GoKind => "string";
}

public sealed class ConfigFlag(bool value, SourcePosition position) : ConfigValue(position)
{
    public bool Value { get; } = value;

    public override string GoTypeName => "bool";

    public override string GoKind => "bool";
}

/// <summary>A whole number. JSON has none: its numbers are <see cref="ConfigReal"/>.</summary>
public sealed class ConfigInteger(long value, string source, SourcePosition position) : ConfigValue(position)
{
    public long Value { get; } = value;

    /// <summary>As written: a later text of the same key takes a number over in this form.</summary>
    public string Source { get; } = source;

    public override string GoTypeName => "int";

    public override string GoKind => "int";
}

public sealed class ConfigReal(double value, string source, SourcePosition position) : ConfigValue(position)
{
    public double Value { get; } = value;

    public string Source { get; } = source;

    public override string GoTypeName => "float64";

    public override string GoKind => "float64";
}

/// <summary>JSON's null: the key counts as not given.</summary>
public sealed class ConfigNull(SourcePosition position) : ConfigValue(position)
{
    public override string GoTypeName => "<nil>";

    public override string GoKind => "invalid";
}

public sealed class ConfigList(List<ConfigValue> items, bool isBlocks, SourcePosition position) : ConfigValue(position)
{
    public IReadOnlyList<ConfigValue> Items => items;

    /// <summary>Made of blocks or of one <c>key = { }</c>, which HCL does not tell from a list with one object.</summary>
    public bool IsBlocks { get; } = isBlocks;

    public override string GoTypeName => IsBlocks ? "[]map[string]interface {}" : "[]interface {}";

    public override string GoKind => "slice";

    /// <summary>Only while parsing: thousands of repeated blocks must not copy each other.</summary>
    internal void Append(IEnumerable<ConfigValue> more)
    {
        items.AddRange(more);
    }
}

/// <summary>Keys as spelt, each once, in the order of the text.</summary>
public sealed class ConfigObject : ConfigValue
{
    private readonly Dictionary<string, ConfigValue> _byKey;

    /// <summary>A key given twice keeps its first place and its last value.</summary>
    public ConfigObject(IEnumerable<KeyValuePair<string, ConfigValue>> members, SourcePosition position)
        : base(position)
    {
        var ordered = new List<string>();
        _byKey = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        foreach ((string key, ConfigValue value) in members)
        {
            if (!_byKey.ContainsKey(key))
            {
                ordered.Add(key);
            }

            _byKey[key] = value;
        }

        Keys = ordered;
    }

    public IReadOnlyList<string> Keys { get; }

    public ConfigValue this[string key] => _byKey[key];

    public override string GoTypeName => "map[string]interface {}";

    public override string GoKind => "map";

    public bool TryGet(string key, out ConfigValue value)
    {
        return _byKey.TryGetValue(key, out value!);
    }

    public override string ToString()
    {
        return string.Create(CultureInfo.InvariantCulture, $"object of {Keys.Count} keys at {Position}");
    }
}
