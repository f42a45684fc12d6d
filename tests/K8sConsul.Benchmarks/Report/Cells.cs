using System.Globalization;
using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks.Report;

/// <summary>The table as text, the heading first.</summary>
internal static class Cells
{
    public const string Legend =
        "Medians of the rounds, taken in turn. ratio: how many times better ours is, in every row: more of a rate, less of a time, "
        + "of memory, of a size. Times in milliseconds behind a rate are the median and the 99th percentile of single requests.";

    private const int TextColumns = 2;

    public static bool IsText(int column) => column < TextColumns;

    public static List<string[]> Of(Results results)
    {
        List<string[]> table = [["row", "unit", "ours", "real", "ratio", "ours p50/p99 ms", "real p50/p99 ms"]];
        foreach (ResultRow row in results.Rows)
        {
            table.Add(
            [
                row.Row.Name, row.Row.Unit, Number(ResultRow.Median(row.Ours, f => f.Value)), Number(ResultRow.Median(row.Real, f => f.Value)),
                double.IsNaN(row.Ratio) ? "-" : row.Ratio.ToString("0.00", CultureInfo.InvariantCulture), Latency(row.Ours), Latency(row.Real),
            ]);
        }

        return table;
    }

    private static string Latency(List<Figure> figures)
    {
        double median = ResultRow.Median(figures, f => f.MedianMs);
        return double.IsNaN(median) ? string.Empty : $"{Number(median)} / {Number(ResultRow.Median(figures, f => f.P99Ms))}";
    }

    /// <summary>Three digits that count.</summary>
    private static string Number(double value) => value switch
    {
        double.NaN => "-",
        >= 100 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
