using K8sConsul.Helm.Charts;
using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Values;

/// <summary>Which subcharts are rendered, and under which names: what Chart.yaml declares, by conditions and tags, and what it does not.</summary>
internal static class WantedSubcharts
{
    /// <param name="chart">As loaded.</param>
    /// <param name="given">From files and arguments.</param>
    /// <param name="warnings">Gets what Helm logs.</param>
    /// <exception cref="HelmException">A declared subchart is not in charts/.</exception>
    public static Chart Select(Chart chart, Dictionary<string, object?> given, List<string> warnings)
    {
        List<string> missing = [.. chart.Declared.Where(declared => !chart.Subcharts.Any(held => held.Name == declared.Name)).Select(declared => declared.Name)];
        return missing.Count > 0
            ? throw new HelmException(
                "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing "
                + $"dependencies: found in Chart.yaml, but missing in charts/ directory: {string.Join(", ", missing)}")
            : Select(chart, given, path: "", warnings);
    }

    private static Chart Select(Chart chart, Dictionary<string, object?> values, string path, List<string> warnings)
    {
        if (chart.Declared.Count == 0)
        {
            return chart;
        }

        Chart named = chart with { Subcharts = [.. Named(chart)] };
        Dictionary<string, object?> coalesced = CoalescedValues.Of(named, values, []);
        List<string> unwanted = [.. chart.Declared.Where(declared => !IsWanted(declared, coalesced, path, warnings)).Select(d => d.EffectiveName)];
        return named with
        {
            Subcharts = [.. named.Subcharts
                .Where(subchart => !unwanted.Contains(subchart.Name))
                .Select(subchart => Select(subchart, coalesced, $"{path}{subchart.Name}.", warnings))],
        };
    }

    /// <summary>First those that Chart.yaml does not declare, then the declared ones in its order, each as often as it is.</summary>
    private static IEnumerable<Chart> Named(Chart chart)
    {
        foreach (Chart held in chart.Subcharts)
        {
            if (!chart.Declared.Any(declared => IsMeant(declared, held)))
            {
                yield return held;
            }
        }

        foreach (ChartDependency declared in chart.Declared)
        {
            if (chart.Subcharts.FirstOrDefault(held => IsMeant(declared, held)) is { } held)
            {
                yield return held with { Metadata = held.Metadata.With(declared.EffectiveName, newIsRoot: false) };
            }
        }
    }

    private static bool IsMeant(ChartDependency declared, Chart held)
    {
        if (declared.Name != held.Name)
        {
            return false;
        }

        try
        {
            return VersionRange.Allows(declared.Version, held.Metadata.Version);
        }
        catch (TemplateFunctionException)
        {
            // As in Helm, a constraint that is none allows nothing.
            return false;
        }
    }

    private static bool IsWanted(ChartDependency declared, Dictionary<string, object?> values, string path, List<string> warnings)
    {
        foreach (string condition in declared.Condition.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ValueAt(values, path + condition) is { } value)
            {
                if (value is bool decision)
                {
                    return decision;
                }

                warnings.Add($"Warning: Condition path '{condition}' for chart {declared.EffectiveName} returned non-bool value");
            }
        }

        return IsWantedByTags(declared, values, warnings);
    }

    private static bool IsWantedByTags(ChartDependency declared, Dictionary<string, object?> values, List<string> warnings)
    {
        if (values.GetValueOrDefault("tags") is not Dictionary<string, object?> tags)
        {
            return true;
        }

        bool isSwitchedOff = false;
        foreach (string tag in declared.Tags)
        {
            switch (tags.GetValueOrDefault(tag))
            {
                case true:
                    return true;
                case false:
                    isSwitchedOff = true;
                    break;
                case null:
                    break;
                default:
                    warnings.Add($"Warning: Tag '{tag}' for chart {declared.EffectiveName} returned non-bool value");
                    break;
            }
        }

        return !isSwitchedOff;
    }

    private static object? ValueAt(Dictionary<string, object?> values, string path)
    {
        object? at = values;
        foreach (string key in path.Split('.'))
        {
            at = (at as Dictionary<string, object?>)?.GetValueOrDefault(key);
        }

        return at;
    }
}
