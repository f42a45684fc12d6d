using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>What is wrong with a file: wrong types make it unreadable, unknown keys only count where the types are right.</summary>
internal sealed class TreeErrors
{
    private readonly SortedSet<string> _wrongTypes = new(StringComparer.Ordinal);
    private readonly List<string> _unknownKeys = [];
    private readonly List<string> _badValues = [];

    /// <summary>Of values that have the right type and still mean nothing; empty for none.</summary>
    public string BadValueText => _badValues.Count == 0 ? string.Empty : Several(_badValues);

    /// <summary>Consul's text for what makes the file unreadable; empty for nothing.</summary>
    public string Text
    {
        get
        {
            if (_wrongTypes.Count > 0)
            {
                return $"{_wrongTypes.Count} error(s) decoding:\n\n* {string.Join("\n* ", _wrongTypes)}";
            }

            if (_unknownKeys.Count == 0)
            {
                return string.Empty;
            }

            return Several(_unknownKeys);
        }
    }

    public void AddWrongType(string path, string wanted, ConfigValue found)
    {
        _wrongTypes.Add($"'{path}' expected type '{wanted}', got unconvertible type '{found.GoTypeName}'");
    }

    public void AddNoMap(string path, ConfigValue found)
    {
        _wrongTypes.Add($"'{path}' expected a map, got '{found.GoKind}'");
    }

    public void AddUnknown(string path)
    {
        _unknownKeys.Add($"invalid config key {path}");
    }

    public void AddBadValue(string reason)
    {
        _badValues.Add(reason);
    }

    private static string Several(List<string> errors)
    {
        string count = errors.Count == 1 ? "1 error occurred:" : $"{errors.Count} errors occurred:";
        return $"{count}\n\t* {string.Join("\n\t* ", errors)}\n\n";
    }
}
