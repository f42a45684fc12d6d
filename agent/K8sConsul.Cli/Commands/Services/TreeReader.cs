using K8sConsul.Contracts;
using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>Reads an object key by key, and at the end names the keys that nobody asked for.</summary>
/// <remarks>Keys may be spelt <c>tls_skip_verify</c>, <c>TLSSkipVerify</c> or <c>tlsSkipVerify</c>, as in Consul.</remarks>
internal sealed class TreeReader
{
    private readonly Dictionary<string, (string Key, ConfigValue Value)> _members = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly TreeErrors _errors;

    public TreeReader(ConfigObject tree, string path, TreeErrors errors)
    {
        _path = path;
        _errors = errors;
        foreach (string key in tree.Keys)
        {
            _members[Canonical(key)] = (key, tree[key]);
        }
    }

    public string? Text(string key)
    {
        return Take(key) switch
        {
            null or ConfigNull => null,
            ConfigText text => text.Value,
            { } other => WrongType<string>(key, "string", other),
        };
    }

    public int Integer(string key, int otherwise = 0)
    {
        return Take(key) switch
        {
            null or ConfigNull => otherwise,
            ConfigInteger number => (int)Math.Clamp(number.Value, int.MinValue, int.MaxValue),
            ConfigReal number => (int)Math.Clamp(number.Value, int.MinValue, int.MaxValue),
            { } other => WrongType<int>(key, "int", other),
        };
    }

    /// <summary>A Go duration, in its usual form; null for none.</summary>
    /// <param name="key">Of this object.</param>
    /// <param name="shownAs">What an error calls the value.</param>
    public string? Duration(string key, string shownAs)
    {
        string? text = Text(key);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (GoDuration.TryParse(text, out GoDuration duration, out string error))
        {
            return duration.ToString();
        }

        _errors.AddBadValue($"{shownAs}: invalid duration: {GoText.Quote(text)}: {error}");
        return null;
    }

    public bool Flag(string key)
    {
        return Take(key) switch
        {
            null or ConfigNull => false,
            ConfigFlag flag => flag.Value,
            { } other => WrongType<bool>(key, "bool", other),
        };
    }

    public List<string>? Texts(string key)
    {
        return Take(key) is { } value ? TextsOf(value, Path(key)) : null;
    }

    public Dictionary<string, string>? TextMap(string key)
    {
        ConfigObject? tree = Object(key);
        if (tree is null)
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in tree.Keys)
        {
            if (tree[name] is ConfigText text)
            {
                map[name] = text.Value;
            }
            else
            {
                _errors.AddWrongType($"{Path(key)}[{name}]", "string", tree[name]);
            }
        }

        return map;
    }

    public Dictionary<string, List<string>>? TextsMap(string key)
    {
        ConfigObject? tree = Object(key);
        if (tree is null)
        {
            return null;
        }

        var map = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (string name in tree.Keys)
        {
            map[name] = TextsOf(tree[name], $"{Path(key)}[{name}]") ?? [];
        }

        return map;
    }

    /// <summary>As it is, for values whose keys are not Consul's.</summary>
    public ConfigObject? Object(string key)
    {
        return Take(key) is { } value ? ObjectOf(value, Path(key)) : null;
    }

    public T? Section<T>(string key, Func<TreeReader, T> read)
        where T : class
    {
        return Object(key) is { } tree ? Read(tree, Path(key), read) : null;
    }

    public Dictionary<string, T>? SectionMap<T>(string key, Func<TreeReader, T> read)
    {
        ConfigObject? tree = Object(key);
        if (tree is null)
        {
            return null;
        }

        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string name in tree.Keys)
        {
            string path = $"{Path(key)}[{name}]";
            if (ObjectOf(tree[name], path) is { } item)
            {
                map[name] = Read(item, path, read);
            }
        }

        return map;
    }

    public List<T>? Sections<T>(string key, Func<TreeReader, T> read)
    {
        if (Take(key) is not { } value || value is ConfigNull)
        {
            return null;
        }

        if (value is not ConfigList list)
        {
            // One object stands for a list of it.
            return ObjectOf(value, Path(key)) is { } single ? [Read(single, $"{Path(key)}[0]", read)] : null;
        }

        List<T> sections = [];
        for (int i = 0; i < list.Items.Count; i++)
        {
            string path = $"{Path(key)}[{i}]";
            if (ObjectOf(list.Items[i], path) is { } item)
            {
                sections.Add(Read(item, path, read));
            }
        }

        return sections;
    }

    private static string Canonical(string key)
    {
        return key.Replace("_", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
    }

    private T Read<T>(ConfigObject tree, string path, Func<TreeReader, T> read)
    {
        var reader = new TreeReader(tree, path, _errors);
        T value = read(reader);
        foreach ((string key, _) in reader._members.Values)
        {
            _errors.AddUnknown($"{path}.{key}");
        }

        return value;
    }

    private List<string>? TextsOf(ConfigValue value, string path)
    {
        switch (value)
        {
            case ConfigNull:
                return null;
            case ConfigText single:
                return [single.Value];
            case ConfigList list:
                List<string> texts = [];
                for (int i = 0; i < list.Items.Count; i++)
                {
                    if (list.Items[i] is ConfigText text)
                    {
                        texts.Add(text.Value);
                    }
                    else
                    {
                        _errors.AddWrongType($"{path}[{i}]", "string", list.Items[i]);
                    }
                }

                return texts;
            default:
                _errors.AddWrongType(path, "[]string", value);
                return null;
        }
    }

    /// <summary>HCL gives a block as a list of one.</summary>
    private ConfigObject? ObjectOf(ConfigValue value, string path)
    {
        switch (value)
        {
            case ConfigNull:
                return null;
            case ConfigObject tree:
                return tree;
            case ConfigList { IsBlocks: true, Items: [ConfigObject block] }:
                return block;
            default:
                _errors.AddNoMap(path, value);
                return null;
        }
    }

    private ConfigValue? Take(string key)
    {
        return _members.Remove(Canonical(key), out (string Key, ConfigValue Value) member) ? member.Value : null;
    }

    private string Path(string key)
    {
        return _path.Length == 0 ? key : $"{_path}.{key}";
    }

    private T? WrongType<T>(string key, string wanted, ConfigValue found)
    {
        _errors.AddWrongType(Path(key), wanted, found);
        return default;
    }
}
