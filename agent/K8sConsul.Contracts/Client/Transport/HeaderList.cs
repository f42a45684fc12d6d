namespace K8sConsul.Contracts.Client;

/// <summary>The headers of a request or an answer, in their order. Names do not care about case.</summary>
internal sealed class HeaderList
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _headers;

    public void Add(string name, string value)
    {
        _headers.Add(new KeyValuePair<string, string>(name, value));
    }

    /// <summary>The first of that name.</summary>
    public string? Find(string name)
    {
        foreach (KeyValuePair<string, string> header in _headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }
}
