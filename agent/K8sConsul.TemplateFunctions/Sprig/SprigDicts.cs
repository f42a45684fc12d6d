namespace K8sConsul.Template.Functions;

/// <summary>Maps from texts to anything. <c>set</c>, <c>unset</c> and the merges change their first argument, as in Go.</summary>
internal static class SprigDicts
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddVariadicWithCall<object?, Dictionary<string, object?>>("dict", NewDict)
            .Add("get", (Dictionary<string, object?> dict, string key) => dict.TryGetValue(key, out object? value) ? value : "")
            .AddWithCall("set", (TemplateCall call, Dictionary<string, object?> dict, string key, object? value) => Set(call, dict, key, value))
            .Add("unset", (Dictionary<string, object?> dict, string key) => Unset(dict, key))
            .Add("hasKey", (Dictionary<string, object?> dict, string key) => dict.ContainsKey(key))
            .AddVariadicWithCall<Dictionary<string, object?>, string[]>("keys", (call, dicts)
                => [.. dicts.SelectMany(dict => Entries(call, dict).Select(entry => (string)entry.Key))])
            .AddWithCall("values", (TemplateCall call, Dictionary<string, object?> dict)
                => Entries(call, dict).Select(entry => entry.Value).ToList())
            .AddVariadicWithCall<Dictionary<string, object?>, string, Dictionary<string, object?>>("pick", (call, dict, keys)
                => Chosen(call, dict, key => keys.Contains(key, StringComparer.Ordinal)))
            .AddVariadicWithCall<Dictionary<string, object?>, string, Dictionary<string, object?>>("omit", (call, dict, keys)
                => Chosen(call, dict, key => !keys.Contains(key, StringComparer.Ordinal)))
            .AddVariadicWithCall<string, Dictionary<string, object?>, List<object?>>("pluck", (call, key, dicts)
                => [.. dicts.Where(dict => dict.ContainsKey(key)).Select(dict => dict[key])])
            .AddVariadicWithCall<object?, object?>("dig", (_, path) => Dig(path));
        foreach (string form in new[] { "", "must" })
        {
            AddMerge(functions, SprigLists.Name(form, "merge"), sourceWins: false);
            AddMerge(functions, SprigLists.Name(form, "mergeOverwrite"), sourceWins: true);
            functions.AddWithCall(SprigLists.Name(form, "deepCopy"), (TemplateCall call, object? data) => Copy(call, data, depth: 0));
        }
    }

    private static void AddMerge(TemplateFunctions functions, string name, bool sourceWins)
    {
        functions.AddVariadicWithCall<Dictionary<string, object?>, Dictionary<string, object?>, Dictionary<string, object?>>(
            name,
            (call, target, sources) =>
            {
                foreach (Dictionary<string, object?> source in sources)
                {
                    MapMerge.MergeInto(call, target, source, sourceWins, copies: false, depth: 0);
                }

                return target;
            });
    }

    private static IReadOnlyList<KeyValuePair<object, object?>> Entries(TemplateCall call, Dictionary<string, object?> dict)
    {
        call.CountItems(dict.Count);
        return GoData.TryEntries(dict)!;
    }

    private static Dictionary<string, object?> NewDict(TemplateCall call, IReadOnlyList<object?> values)
    {
        call.CountItems(values.Count);
        var dict = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < values.Count; i += 2)
        {
            dict[SprigTexts.Text(call, values[i])] = i + 1 < values.Count ? values[i + 1] : "";
        }

        return dict;
    }

    private static Dictionary<string, object?> Set(TemplateCall call, Dictionary<string, object?> dict, string key, object? value)
    {
        call.CountItems(1);
        dict[key] = value;
        return dict;
    }

    private static Dictionary<string, object?> Unset(Dictionary<string, object?> dict, string key)
    {
        dict.Remove(key);
        return dict;
    }

    private static Dictionary<string, object?> Chosen(TemplateCall call, Dictionary<string, object?> dict, Func<string, bool> isChosen)
    {
        call.CountItems(dict.Count);
        return dict.Where(entry => isChosen(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
    }

    private static object? Dig(IReadOnlyList<object?> path)
    {
        if (path.Count < 3)
        {
            throw new TemplateFunctionException("dig needs at least three arguments");
        }

        object? at = path[^1];
        for (int i = 0; i < path.Count - 2; i++)
        {
            if (at is not Dictionary<string, object?> dict)
            {
                throw WrongType(at, "map[string]interface {}");
            }

            string key = path[i] as string ?? throw WrongType(path[i], "string");
            if (!dict.TryGetValue(key, out at))
            {
                return path[^2];
            }
        }

        return at;
    }

    private static TemplateFunctionException WrongType(object? data, string wanted)
    {
        string shown = data is null ? "nil" : CallExtensions.TypeName(data);
        return new TemplateFunctionException($"interface conversion: interface {{}} is {shown}, not {wanted}");
    }

    private static object? Copy(TemplateCall call, object? data, int depth)
    {
        CallExtensions.CheckDepth(depth);
        switch (data)
        {
            case Dictionary<string, object?> dict:
                call.CountItems(dict.Count);
                return dict.ToDictionary(entry => entry.Key, entry => Copy(call, entry.Value, depth + 1), StringComparer.Ordinal);
            case Dictionary<object, object?> map:
                call.CountItems(map.Count);
                return map.ToDictionary(entry => entry.Key, entry => Copy(call, entry.Value, depth + 1));
            case List<object?> list:
                call.CountItems(list.Count);
                return list.Select(item => Copy(call, item, depth + 1)).ToList();
            default:
                // Whatever else there is never changes.
                return data;
        }
    }
}
