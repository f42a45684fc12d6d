using System.Globalization;
using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration.Schema;

/// <summary>From a tree to settings by the schema, with the texts of Consul's decoder for what does not fit.</summary>
/// <remarks>
/// There is no conversion between types, except that a list with one item may stand for the item: HCL's blocks are lists.
/// </remarks>
internal sealed class SettingsDecoder
{
    private readonly List<string> _mistakes = [];
    private readonly List<string> _unknownKeys = [];

    private SettingsDecoder()
    {
    }

    /// <summary>Decodes a whole source.</summary>
    /// <param name="tree">The parsed text.</param>
    /// <param name="schema">What it may hold.</param>
    /// <param name="unknownKeys">Keys without meaning, with their paths as spelt: those of inner objects first.</param>
    /// <param name="error">Empty when every known key fits.</param>
    public static Settings Decode(ConfigObject tree, ObjectSchema schema, out IReadOnlyList<string> unknownKeys, out string error)
    {
        var decoder = new SettingsDecoder();
        Settings settings = decoder.DecodeObject(tree, schema, string.Empty);
        unknownKeys = decoder._unknownKeys;
        decoder._mistakes.Sort(StringComparer.Ordinal);
        error = decoder._mistakes.Count == 0 ? string.Empty : string.Create(
            CultureInfo.InvariantCulture,
            $"{decoder._mistakes.Count} error(s) decoding:\n\n{string.Join('\n', decoder._mistakes.Select(mistake => $"* {mistake}"))}");
        return settings;
    }

    private Settings DecodeObject(ConfigObject tree, ObjectSchema schema, string path)
    {
        var settings = new Settings();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, SchemaNode node) in schema.Members)
        {
            string? key = FindKey(tree, schema, name, used);
            if (key is null)
            {
                continue;
            }

            used.Add(key);
            if (Decode(tree[key], node, path.Length == 0 ? name : $"{path}.{name}") is { } value)
            {
                settings.Set(name, value);
            }
        }

        foreach (string key in tree.Keys.Where(key => !used.Contains(key)))
        {
            _unknownKeys.Add(path.Length == 0 ? key : $"{path}.{key}");
        }

        return settings;
    }

    /// <summary>The exact spelling wins over other cases, and the name over its aliases, which are then dropped silently.</summary>
    private static string? FindKey(ConfigObject tree, ObjectSchema schema, string name, HashSet<string> used)
    {
        string? found = tree.TryGet(name, out _)
            ? name
            : tree.Keys.FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
        foreach ((string alias, string canonical) in schema.Aliases)
        {
            if (string.Equals(canonical, name, StringComparison.Ordinal))
            {
                foreach (string key in tree.Keys.Where(key => string.Equals(key, alias, StringComparison.OrdinalIgnoreCase)))
                {
                    used.Add(key);
                    found ??= key;
                }
            }
        }

        return found;
    }

    /// <summary>Null for a value that is absent or does not fit.</summary>
    private object? Decode(ConfigValue value, SchemaNode schema, string path)
    {
        if (value is ConfigNull)
        {
            return null;
        }

        if (schema is ListSchema list)
        {
            return DecodeList(value, list, path);
        }

        while (value is ConfigList { Items.Count: 1 } single)
        {
            value = single.Items[0];
        }

        return schema switch
        {
            ScalarSchema scalar => DecodeScalar(value, scalar.Type, path),
            MapSchema map => DecodeMap(value, map, path),
            ObjectSchema known => value is ConfigObject tree ? DecodeObject(tree, known, path) : NotAMap(value, path),
            OpaqueSchema => value is ConfigObject ? value : NotAMap(value, path),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private object? DecodeList(ConfigValue value, ListSchema schema, string path)
    {
        if (value is not ConfigList list)
        {
            _mistakes.Add($"'{path}': source data must be an array or slice, got {value.GoKind}");
            return null;
        }

        var items = new List<object>();
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (Decode(list.Items[i], schema.Item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")) is { } item)
            {
                items.Add(item);
            }
        }

        return schema.Item is ScalarSchema { Type: ScalarType.Text } ? new List<string>(items.Cast<string>()) : items;
    }

    private SortedDictionary<string, object>? DecodeMap(ConfigValue value, MapSchema schema, string path)
    {
        if (value is not ConfigObject tree)
        {
            NotAMap(value, path);
            return null;
        }

        var map = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (string key in tree.Keys)
        {
            if (Decode(tree[key], schema.Value, $"{path}[{key}]") is { } item)
            {
                map[key] = item;
            }
        }

        return map;
    }

    private object? DecodeScalar(ConfigValue value, ScalarType type, string path)
    {
        switch (type, value)
        {
            case (ScalarType.Text, ConfigText text):
                return text.Value;
            case (ScalarType.Flag, ConfigFlag flag):
                return flag.Value;
            case (ScalarType.Real, ConfigInteger integer):
                return (double)integer.Value;
            case (ScalarType.Real, ConfigReal real):
                return real.Value;
            case (ScalarType.Integer, ConfigInteger integer):
                return integer.Value;
            case (ScalarType.Integer, ConfigReal real):
                return Truncated(real.Value);
            case (ScalarType.Unsigned or ScalarType.Unsigned32 or ScalarType.Unsigned64, ConfigInteger integer):
                return integer.Value >= 0 ? Fitting(integer.Value, type) : Negative(
                    path, integer.Value.ToString(CultureInfo.InvariantCulture));
            case (ScalarType.Unsigned or ScalarType.Unsigned32 or ScalarType.Unsigned64, ConfigReal real):
                return real.Value >= 0 ? Fitting(Truncated(real.Value), type) : Negative(
                    path, real.Value.ToString("F6", CultureInfo.InvariantCulture));
            default:
                _mistakes.Add($"'{path}' expected type '{TypeName(type)}', got unconvertible type '{value.GoTypeName}'");
                return null;
        }
    }

    /// <summary>A fraction is dropped without a word, as Consul does; a number too large becomes the largest.</summary>
    private static long Truncated(double value)
    {
        return value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
    }

    private static object Fitting(long value, ScalarType type)
    {
        return type == ScalarType.Unsigned32 ? Math.Min(value, uint.MaxValue) : value;
    }

    private object? Negative(string path, string shown)
    {
        _mistakes.Add($"cannot parse '{path}', {shown} overflows uint");
        return null;
    }

    private object? NotAMap(ConfigValue value, string path)
    {
        _mistakes.Add($"'{path}' expected a map, got '{value.GoKind}'");
        return null;
    }

    private static string TypeName(ScalarType type)
    {
        return type switch
        {
            ScalarType.Text => "string",
            ScalarType.Flag => "bool",
            ScalarType.Integer => "int",
            ScalarType.Unsigned => "uint",
            ScalarType.Unsigned32 => "uint32",
            ScalarType.Unsigned64 => "uint64",
            ScalarType.Real => "float64",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
