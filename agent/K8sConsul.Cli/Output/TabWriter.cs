using System.Text;

namespace K8sConsul.Cli.Output;

/// <summary>Go's text/tabwriter with a padding of six blanks, as Consul uses it: a tab ends a cell, and cells of a column line up.</summary>
/// <remarks>
/// A column is a run of neighbouring lines that all have that cell ended by a tab; the text behind a line's last tab belongs to none.
/// </remarks>
internal static class TabWriter
{
    private const int Padding = 6;

    /// <param name="text">Lines of cells.</param>
    public static string Format(string text)
    {
        string[] lines = text.Split('\n');
        string[][] cells = new string[lines.Length][];
        int[][] widths = new int[lines.Length][];
        for (int i = 0; i < lines.Length; i++)
        {
            cells[i] = lines[i].Split('\t');
            widths[i] = new int[cells[i].Length];
        }

        for (int i = 0; i < lines.Length; i++)
        {
            for (int column = 0; column < cells[i].Length - 1; column++)
            {
                if (widths[i][column] == 0)
                {
                    SetWidth(cells, widths, i, column);
                }
            }
        }

        var formatted = new StringBuilder(text.Length * 2);
        for (int i = 0; i < lines.Length; i++)
        {
            if (i > 0)
            {
                formatted.Append('\n');
            }

            for (int column = 0; column < cells[i].Length; column++)
            {
                formatted.Append(cells[i][column]);
                formatted.Append(' ', Math.Max(0, widths[i][column] - WidthOf(cells[i][column])));
            }
        }

        return formatted.ToString();
    }

    /// <summary>Of the whole run of lines that starts here.</summary>
    private static void SetWidth(string[][] cells, int[][] widths, int first, int column)
    {
        int width = 0;
        int end = first;
        for (; end < cells.Length && cells[end].Length - 1 > column; end++)
        {
            width = Math.Max(width, WidthOf(cells[end][column]) + Padding);
        }

        for (int i = first; i < end; i++)
        {
            widths[i][column] = width;
        }
    }

    private static int WidthOf(string cell)
    {
        int width = 0;
        foreach (Rune _ in cell.EnumerateRunes())
        {
            width++;
        }

        return width;
    }
}
