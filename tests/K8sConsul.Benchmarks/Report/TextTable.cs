using System.Text;

namespace K8sConsul.Benchmarks.Report;

/// <summary>Aligned columns for a terminal.</summary>
internal static class TextTable
{
    public static string Format(Results results)
    {
        List<string[]> table = Cells.Of(results);
        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in table)
        {
            for (int column = 0; column < row.Length; column++)
            {
                string cell = Cells.IsText(column) ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]);
                text.Append(cell).Append(column == row.Length - 1 ? "\n" : "  ");
            }
        }

        text.Append('\n').Append(Cells.Legend).Append('\n');
        foreach (string failure in results.Failures)
        {
            text.Append("not measured: ").Append(failure).Append('\n');
        }

        return text.ToString();
    }
}
