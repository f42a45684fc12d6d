using K8sConsul.Helm.Charts;

namespace K8sConsul.Helm.Values;

/// <summary>The values of a chart and its subcharts: the user's over the parent's over the subchart's own.</summary>
internal static class CoalescedValues
{
    private const string GlobalKey = "global";

    /// <param name="chart">With the subcharts that are wanted.</param>
    /// <param name="given">From files and arguments. Not changed.</param>
    /// <param name="warnings">Gets what Helm logs.</param>
    /// <exception cref="HelmException">What should be a subchart's table is none.</exception>
    public static Dictionary<string, object?> Of(Chart chart, Dictionary<string, object?> given, List<string> warnings)
    {
        Dictionary<string, object?> values = YamlValues.Copy(given);
        Coalesce(chart, values, path: "", new TableMerge(warnings), warnings);
        return values;
    }

    private static void Coalesce(Chart chart, Dictionary<string, object?> values, string path, TableMerge merge, List<string> warnings)
    {
        string own = path.Length == 0 ? chart.Name : $"{path}.{chart.Name}";
        FillFromChart(chart, values, own, merge, warnings);
        foreach (Chart subchart in chart.Subcharts)
        {
            if (!values.TryGetValue(subchart.Name, out object? found))
            {
                values[subchart.Name] = found = new Dictionary<string, object?>(StringComparer.Ordinal);
            }

            var table = found as Dictionary<string, object?>
                ?? throw new HelmException($"type mismatch on {subchart.Name}: {GoForm.Of(found)} is no table");
            HandDownGlobals(values, table, merge, warnings);
            Coalesce(subchart, table, own, merge, warnings);
        }
    }

    private static void FillFromChart(Chart chart, Dictionary<string, object?> values, string path, TableMerge merge, List<string> warnings)
    {
        foreach ((string key, object? value) in chart.Values)
        {
            if (!values.TryGetValue(key, out object? given))
            {
                values[key] = YamlValues.Copy(value);
            }
            else if (given is null)
            {
                values.Remove(key);
            }
            else if (given is Dictionary<string, object?> target)
            {
                if (value is Dictionary<string, object?> source)
                {
                    merge.Fill(target, source, $"{path}.{key}", keepsNull: chart.Subcharts.Any(subchart => subchart.Name == key));
                }
                else if (value is not null)
                {
                    warnings.Add($"warning: skipped value for {path}.{key}: Not a table.");
                }
            }
        }
    }

    /// <summary>What is global to a chart is to its subcharts, and comes before what they say themselves.</summary>
    private static void HandDownGlobals(Dictionary<string, object?> from, Dictionary<string, object?> to, TableMerge merge, List<string> warnings)
    {
        if (!TryTable(from, warnings, "source", out Dictionary<string, object?> source)
            || !TryTable(to, warnings, "destination", out Dictionary<string, object?> target))
        {
            return;
        }

        foreach ((string key, object? value) in source)
        {
            if (value is Dictionary<string, object?> table)
            {
                Dictionary<string, object?> copy = YamlValues.Copy(table);
                if (target.TryGetValue(key, out object? own) && own is not Dictionary<string, object?>)
                {
                    warnings.Add($"Conflict: cannot merge map onto non-map for \"{key}\". Skipping.");
                    continue;
                }

                if (own is Dictionary<string, object?> ownTable)
                {
                    merge.Fill(copy, ownTable, $"{GlobalKey}.{key}", keepsNull: false);
                }

                target[key] = copy;
            }
            else if (target.GetValueOrDefault(key) is Dictionary<string, object?>)
            {
                warnings.Add($"key {key} is table. Skipping");
            }
            else
            {
                target[key] = YamlValues.Copy(value);
            }
        }

        to[GlobalKey] = target;
    }

    private static bool TryTable(Dictionary<string, object?> values, List<string> warnings, string side, out Dictionary<string, object?> table)
    {
        object? found = values.GetValueOrDefault(GlobalKey);
        table = found as Dictionary<string, object?> ?? new Dictionary<string, object?>(StringComparer.Ordinal);
        if (found is null or Dictionary<string, object?>)
        {
            return true;
        }

        warnings.Add($"warning: skipping globals because {side} {GlobalKey} is not a table.");
        return false;
    }
}
