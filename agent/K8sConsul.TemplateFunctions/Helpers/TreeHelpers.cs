using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Maps within maps: <c>explode</c>, <c>explodeMap</c>, <c>mergeMap</c>.</summary>
internal static class TreeHelpers
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddWithCall("explode", (TemplateCall call, object? pairs) => Explode(call, pairs))
            .AddWithCall("explodeMap", (TemplateCall call, IReadOnlyDictionary<string, object?> map)
                => Explode(call, "explodeMap", GoData.TryEntries(map)!.Select(entry => ((string)entry.Key, entry.Value))))
            .AddWithCall("mergeMap", (TemplateCall call, IReadOnlyDictionary<string, object?> target, IReadOnlyDictionary<string, object?> source)
                => MapMerge.Merge(call, target, source, sourceWins: false))
            .AddWithCall(
                "mergeMapWithOverride",
                (TemplateCall call, IReadOnlyDictionary<string, object?> target, IReadOnlyDictionary<string, object?> source)
                    => MapMerge.Merge(call, target, source, sourceWins: true));
    }

    private static Dictionary<string, object?> Explode(TemplateCall call, object? pairs)
    {
        IReadOnlyList<object?> items = GoData.TryItems(pairs) ?? (pairs is null
            ? []
            : throw new TemplateFunctionException($"explode: wrong argument type {CallExtensions.TypeName(pairs)}"));
        return Explode(call, "explode", items.Select(pair =>
        {
            GoData.TryMember(pair, "Key", out object? key);
            GoData.TryMember(pair, "Value", out object? value);
            return (key as string ?? "", value);
        }));
    }

    private static Dictionary<string, object?> Explode(TemplateCall call, string function, IEnumerable<(string Key, object? Value)> entries)
    {
        var root = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string key, object? value) in entries)
        {
            Put(call, function, root, key, value);
        }

        return root;
    }

    private static void Put(TemplateCall call, string function, Dictionary<string, object?> map, string key, object? value)
    {
        string path = key;
        string rest = key;
        while (true)
        {
            call.CountItems(1);
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                break;
            }

            string first = rest[..slash];
            if (!map.TryGetValue(first, out object? inner))
            {
                map[first] = inner = new Dictionary<string, object?>(StringComparer.Ordinal);
            }

            map = inner as Dictionary<string, object?> ?? throw new TemplateFunctionException(
                $"{function}: not a map: {GoText.Quote(path)}: {GoText.Quote(first)} already has value {call.Format("%q", [inner])}");
            path = rest;
            rest = rest[(slash + 1)..];
        }

        if (rest.Length > 0)
        {
            map[rest] = value;
        }
    }
}
