namespace K8sConsul.Agent.Api;

/// <summary>Maps in the order in which Go's encoder prints them.</summary>
internal static class Sorted
{
    public static SortedDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in entries)
        {
            sorted[key] = value;
        }

        return sorted;
    }
}
