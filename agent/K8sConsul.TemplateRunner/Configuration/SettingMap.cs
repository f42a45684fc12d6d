namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What one source says, flat: <c>consul.retry.attempts</c> to its value. What it does not say is absent.</summary>
internal sealed class SettingMap
{
    /// <summary>Timers of .NET reach 49 days.</summary>
    private static readonly TimeSpan DurationMax = TimeSpan.FromDays(20);

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<SettingMap> _templates = [];

    /// <summary>The blocks named <c>template</c>, in order.</summary>
    public IReadOnlyList<SettingMap> Templates => _templates;

    public bool IsEmpty => _values.Count == 0;

    public void AddTemplate(SettingMap template)
    {
        _templates.Add(template);
    }

    public void Set(string path, object value)
    {
        _values[path] = value;
    }

    public void Append(string path, string value)
    {
        _values[path] = _values.TryGetValue(path, out object? earlier) ? [.. (string[])earlier, value] : new[] { value };
    }

    public bool Has(string path)
    {
        return _values.ContainsKey(path);
    }

    public bool HasAnyBelow(string prefix)
    {
        return _values.Keys.Any(path => path.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Lays <paramref name="later"/> over this: scalars replace, lists of the environment and templates are appended.</summary>
    public void Merge(SettingMap later)
    {
        foreach ((string path, object value) in later._values)
        {
            bool isAppended = value is string[] && SettingSchema.IsAppended(path);
            _values[path] = isAppended && _values.TryGetValue(path, out object? earlier)
                ? (string[])[.. (string[])earlier, .. (string[])value]
                : value;
        }

        _templates.AddRange(later._templates);
    }

    public string Text(string path, string otherwise = "")
    {
        return _values.TryGetValue(path, out object? value) ? (string)value : otherwise;
    }

    public bool Flag(string path, bool otherwise = false)
    {
        return _values.TryGetValue(path, out object? value) ? (bool)value : otherwise;
    }

    public int Number(string path, int otherwise = 0)
    {
        return _values.TryGetValue(path, out object? value) ? (int)Math.Clamp((long)value, int.MinValue, int.MaxValue) : otherwise;
    }

    /// <summary>Not negative, and short enough for a timer.</summary>
    public TimeSpan Duration(string path, TimeSpan otherwise = default)
    {
        TimeSpan given = RawDuration(path, otherwise);
        return given < TimeSpan.Zero ? TimeSpan.Zero : given < DurationMax ? given : DurationMax;
    }

    public TimeSpan RawDuration(string path, TimeSpan otherwise = default)
    {
        return _values.TryGetValue(path, out object? value) ? (TimeSpan)value : otherwise;
    }

    public int Signal(string path, int otherwise = SignalNames.None)
    {
        return _values.TryGetValue(path, out object? value) ? (int)value : otherwise;
    }

    public UnixFileMode Mode(string path)
    {
        return _values.TryGetValue(path, out object? value) ? (UnixFileMode)value : UnixFileMode.None;
    }

    public IReadOnlyList<string> Texts(string path)
    {
        return _values.TryGetValue(path, out object? value) ? (string[])value : [];
    }
}
