using System.Text;

namespace K8sConsul.Benchmarks.Report;

/// <summary>The same table for a page.</summary>
internal static class MarkdownTable
{
    public static string Format(Results results)
    {
        var text = new StringBuilder();
        List<string[]> table = Cells.Of(results);
        for (int i = 0; i < table.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", table[i]).Append(" |\n");
            if (i == 0)
            {
                text.Append('|').AppendJoin('|', table[0].Select((_, column) => Cells.IsText(column) ? "---" : "--:")).Append("|\n");
            }
        }

        text.Append('\n').Append(Cells.Legend).Append('\n');
        foreach (string failure in results.Failures)
        {
            text.Append("\nNot measured: ").Append(failure).Append('\n');
        }

        return text.ToString();
    }
}
