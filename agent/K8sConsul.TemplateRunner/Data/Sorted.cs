namespace K8sConsul.TemplateRunner.Data;

/// <summary>Maps in the order of their keys, so that equal data has one form wherever it is printed, hashed or compared.</summary>
internal static class Sorted
{
    public static IReadOnlyDictionary<string, string> NoTexts { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, ServiceAddress> NoAddresses { get; } =
        new SortedDictionary<string, ServiceAddress>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> Texts(IEnumerable<KeyValuePair<string, string>>? entries)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in entries ?? [])
        {
            sorted[key] = value;
        }

        return sorted.Count == 0 ? NoTexts : sorted;
    }

    public static string[] Tags(IEnumerable<string>? tags)
    {
        string[] sorted = [.. tags ?? []];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }
}
