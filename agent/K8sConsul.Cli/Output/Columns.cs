using System.Text;

namespace K8sConsul.Cli.Output;

/// <summary>A table with two blanks between columns, and nothing behind the last.</summary>
internal static class Columns
{
    private const string Gap = "  ";

    /// <param name="rows">The head first. Cells lose blanks at their ends. Widths count code points.</param>
    /// <returns>Without a newline at the end.</returns>
    public static string Format(IReadOnlyList<string[]> rows)
    {
        var widths = new List<int>();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                int width = WidthOf(row[i].AsSpan().Trim());
                if (i == widths.Count)
                {
                    widths.Add(width);
                }

                widths[i] = Math.Max(widths[i], width);
            }
        }

        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            AppendRow(text, row, widths);
        }

        return text.Length == 0 ? string.Empty : text.ToString(0, text.Length - 1);
    }

    private static void AppendRow(StringBuilder text, string[] row, List<int> widths)
    {
        for (int i = 0; i < row.Length; i++)
        {
            ReadOnlySpan<char> cell = row[i].AsSpan().Trim();
            text.Append(cell);
            if (i < row.Length - 1)
            {
                text.Append(' ', widths[i] - WidthOf(cell)).Append(Gap);
            }
        }

        text.Append('\n');
    }

    private static int WidthOf(ReadOnlySpan<char> cell)
    {
        int width = 0;
        foreach (Rune _ in cell.EnumerateRunes())
        {
            width++;
        }

        return width;
    }
}
