namespace K8sConsul.Helm.Values;

/// <summary>Tables laid over each other: what stands already wins, tables are merged, a null takes away.</summary>
/// <param name="warnings">Gets what Helm logs: one side is a table and the other is not.</param>
internal sealed class TableMerge(List<string> warnings)
{
    /// <summary>Gives a table what it lacks.</summary>
    /// <param name="target">Changed.</param>
    /// <param name="source">Not changed, nor referred to afterwards.</param>
    /// <param name="path">Of both, for warnings.</param>
    /// <param name="keepsNull">A null stays: a chart further down has the key that it takes away.</param>
    public void Fill(Dictionary<string, object?> target, Dictionary<string, object?> source, string path, bool keepsNull)
    {
        foreach ((string key, object? value) in source)
        {
            string full = path.Length == 0 ? key : $"{path}.{key}";
            if (!target.TryGetValue(key, out object? own))
            {
                target[key] = YamlValues.Copy(value);
            }
            else if (own is null)
            {
                if (!keepsNull)
                {
                    target.Remove(key);
                }
            }
            else if (value is Dictionary<string, object?> table)
            {
                if (own is Dictionary<string, object?> ownTable)
                {
                    Fill(ownTable, table, full, keepsNull);
                }
                else
                {
                    warnings.Add($"warning: cannot overwrite table with non table for {full} ({GoForm.Of(value)})");
                }
            }
            else if (own is Dictionary<string, object?> && value is not null)
            {
                warnings.Add($"warning: destination for {full} is a table. Ignoring non-table value ({GoForm.Of(value)})");
            }
        }

        // A key that only the target has cannot be taken away from anything: the null goes, too.
        if (!keepsNull)
        {
            foreach (string key in target.Keys.Where(key => target[key] is null && !source.ContainsKey(key)).ToList())
            {
                target.Remove(key);
            }
        }
    }

    /// <summary>Lays a later source of values over an earlier one: the later wins, also with a null or another kind.</summary>
    public static void Override(Dictionary<string, object?> target, Dictionary<string, object?> later)
    {
        foreach ((string key, object? value) in later)
        {
            if (value is Dictionary<string, object?> table && target.GetValueOrDefault(key) is Dictionary<string, object?> own)
            {
                Override(own, table);
            }
            else
            {
                target[key] = YamlValues.Copy(value);
            }
        }
    }
}
