using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Contracts.Client;

/// <summary>Query parameters in Go's order: by name, and those of one name as they were added.</summary>
internal sealed class QueryString
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public void Add(string name, string value)
    {
        int at = _parameters.Count;
        while (at > 0 && string.CompareOrdinal(_parameters[at - 1].Key, name) > 0)
        {
            at--;
        }

        _parameters.Insert(at, new KeyValuePair<string, string>(name, value));
    }

    public void AddUnlessEmpty(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Add(name, value);
        }
    }

    /// <summary>The same, with a parameter more unless it is there already.</summary>
    public QueryString WithDefault(string name, string value)
    {
        if (_parameters.Exists(parameter => string.Equals(parameter.Key, name, StringComparison.Ordinal)))
        {
            return this;
        }

        var extended = new QueryString();
        extended._parameters.AddRange(_parameters);
        extended.Add(name, value);
        return extended;
    }

    /// <summary>Consul looks at most flags' presence only, and Go sends them as <c>name=</c>.</summary>
    public void AddFlag(string name, bool present)
    {
        if (present)
        {
            Add(name, string.Empty);
        }
    }

    public void AppendTo(StringBuilder target)
    {
        char separator = '?';
        foreach ((string name, string value) in _parameters)
        {
            target.Append(separator).Append(name).Append('=').Append(GoUrlEscape.Query(value));
            separator = '&';
        }
    }
}
