using System.Globalization;
using System.Text;
using K8sConsul.Chaos.Load;

namespace K8sConsul.Chaos.Report;

/// <summary>The run as tables.</summary>
internal static class TextReport
{
    public static string Format(RunResults results)
    {
        var text = new StringBuilder();
        text.AppendLine("# Chaos run").AppendLine();
        text.AppendLine("```sh").AppendLine(results.Options.Command).AppendLine("```").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{results.Options.Servers} servers, {results.Ended.TotalMinutes:0.0} minutes of faults under {results.Options.Clients} clients.");
        text.AppendLine().AppendLine("| promise | |").AppendLine("|---|---|");
        foreach ((string promise, string result) in results.Verification.Results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {promise} | {result} |");
        }

        AppendFaults(text, results);
        AppendOperations(text, results);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Leader changes: {Math.Max(0, results.Leaders.Changes.Count - 1)}. Longest time without an acknowledged write: {results.Recorder.LongestWriteGap.TotalSeconds:0.0} s.");
        foreach (string violation in results.Verification.Violations)
        {
            text.AppendLine().AppendLine("```").AppendLine(violation.TrimEnd()).AppendLine("```");
        }

        return text.ToString();
    }

    private static void AppendFaults(StringBuilder text, RunResults results)
    {
        text.AppendLine().AppendLine("| fault | times | seconds |").AppendLine("|---|--:|--:|");
        foreach (IGrouping<string, (string Name, TimeSpan From, TimeSpan To)> fault in results.Faults.Happened
            .GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {fault.Key} | {fault.Count()} | {fault.Sum(f => (f.To - f.From).TotalSeconds):0.0} |");
        }

        text.AppendLine().AppendLine("Left out:").AppendLine();
        foreach ((string name, string why) in results.Schedule.LeftOut)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {name}: {why}");
        }
    }

    private static void AppendOperations(StringBuilder text, RunResults results)
    {
        text.AppendLine().AppendLine("| operation | ok | failed | unknown |").AppendLine("|---|--:|--:|--:|");
        IReadOnlyDictionary<(string Kind, Outcome Outcome), int> counts = results.Recorder.Counts;
        foreach (string kind in counts.Keys.Select(k => k.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {kind} | {counts.GetValueOrDefault((kind, Outcome.Ok)):N0} | {counts.GetValueOrDefault((kind, Outcome.Failed)):N0} | {counts.GetValueOrDefault((kind, Outcome.Unknown)):N0} |");
        }
    }
}
