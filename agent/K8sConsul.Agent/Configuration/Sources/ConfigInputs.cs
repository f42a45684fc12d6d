using K8sConsul.Agent.Configuration.Schema;

namespace K8sConsul.Agent.Configuration;

/// <summary>Where a configuration comes from, in the words of the command line. Kept by the agent to read it again on reload.</summary>
public sealed record ConfigInputs
{
    public bool DevMode { get; init; }

    /// <summary>Files and directories in the order given.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Empty, hcl or json: how every file is read.</summary>
    public string Format { get; init; } = string.Empty;

    public ConfigFlagValues Flags { get; init; } = new();

    /// <summary>HCL texts that win over files and flags.</summary>
    public IReadOnlyList<string> HclFragments { get; init; } = [];
}

/// <summary>Values of flags that are configuration keys. A path names the key with its sections, as in <c>ports.dns</c>.</summary>
public sealed class ConfigFlagValues
{
    /// <summary>Lists at the top come before those of files; everything else comes after.</summary>
    internal Settings Lists { get; } = new();

    internal Settings Values { get; } = new();

    public void Set(string path, string value)
    {
        SetRaw(path, value);
    }

    public void Set(string path, bool value)
    {
        SetRaw(path, value);
    }

    public void Set(string path, long value)
    {
        SetRaw(path, value);
    }

    public void Add(string path, string value)
    {
        (Settings section, string key) = SectionOf(path);
        Settings target = ReferenceEquals(section, Values) ? Lists : section;
        if (target.Raw(key) is List<string> list)
        {
            list.Add(value);
            return;
        }

        target.Set(key, new List<string> { value });
    }

    public void AddPair(string path, string name, string value)
    {
        (Settings section, string key) = SectionOf(path);
        if (section.Raw(key) is not SortedDictionary<string, object> map)
        {
            map = new SortedDictionary<string, object>(StringComparer.Ordinal);
            section.Set(key, map);
        }

        map[name] = value;
    }

    private void SetRaw(string path, object value)
    {
        (Settings section, string key) = SectionOf(path);
        section.Set(key, value);
    }

    private (Settings Section, string Key) SectionOf(string path)
    {
        string[] names = path.Split('.');
        Settings section = Values;
        foreach (string name in names.SkipLast(1))
        {
            if (section.Raw(name) is not Settings inner)
            {
                inner = new Settings();
                section.Set(name, inner);
            }

            section = inner;
        }

        return (section, names[^1]);
    }
}
