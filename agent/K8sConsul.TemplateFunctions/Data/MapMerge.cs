namespace K8sConsul.Template.Functions;

/// <summary>Maps laid over each other, level by level. An empty value counts as none.</summary>
internal static class MapMerge
{
    /// <summary>A new map; neither argument changes.</summary>
    public static Dictionary<string, object?> Merge(
        TemplateCall call, IReadOnlyDictionary<string, object?> target, IReadOnlyDictionary<string, object?> source, bool sourceWins)
    {
        call.CountItems(target.Count);
        var merged = new Dictionary<string, object?>(target, StringComparer.Ordinal);
        MergeInto(call, merged, source, sourceWins, copies: true, depth: 0);
        return merged;
    }

    /// <summary>Changes the target.</summary>
    /// <param name="call">Charged.</param>
    /// <param name="target">Gets what it lacks, or all if the source wins.</param>
    /// <param name="source">Not changed.</param>
    /// <param name="sourceWins">A value of the source that is not empty takes the place of the target's.</param>
    /// <param name="copies">Maps within the target are copied before they change.</param>
    /// <param name="depth">How deep both lie.</param>
    public static void MergeInto(
        TemplateCall call, Dictionary<string, object?> target, IReadOnlyDictionary<string, object?> source, bool sourceWins, bool copies, int depth)
    {
        CallExtensions.CheckDepth(depth);
        call.CountItems(source.Count);
        foreach ((string key, object? value) in source.ToList())
        {
            if (target.TryGetValue(key, out object? mine)
                && mine is Dictionary<string, object?> mineMap && value is IReadOnlyDictionary<string, object?> map)
            {
                if (ReferenceEquals(mineMap, map))
                {
                    continue;
                }

                if (copies)
                {
                    call.CountItems(mineMap.Count);
                    target[key] = mineMap = new Dictionary<string, object?>(mineMap, StringComparer.Ordinal);
                }

                MergeInto(call, mineMap, map, sourceWins, copies, depth + 1);
            }
            else if (!GoData.IsTrue(mine) || (sourceWins && GoData.IsTrue(value)))
            {
                if (value is not null || !target.ContainsKey(key))
                {
                    target[key] = value;
                }
            }
        }
    }
}
