using System.Text;

namespace K8sConsul.Cli.GoFlags;

/// <summary>Breaks a paragraph into lines of even length.</summary>
internal static class LineWrap
{
    /// <summary>Dearer than any raggedness, so that a line is too long only when one word is.</summary>
    private const long OverlongPenalty = 100_000;

    /// <summary>
    /// Chooses the breaks with the least sum of squared slack, the last line not counted. Help texts break at the same
    /// words as Consul's, which wraps this way rather than filling each line.
    /// </summary>
    public static IReadOnlyList<string> Balanced(string text, int width)
    {
        // Only line breaks and single blanks separate words: a doubled blank is an empty word and stays visible.
        string[] words = text.Trim().Replace('\n', ' ').Split(' ');
        int[] lengths = [.. words.Select(word => Encoding.UTF8.GetByteCount(word))];
        int[] lineEnds = ChooseBreaks(lengths, width);

        var lines = new List<string>();
        for (int start = 0; start < words.Length; start = lineEnds[start])
        {
            lines.Add(string.Join(' ', words, start, lineEnds[start] - start));
        }

        return lines;
    }

    /// <summary>For a line that starts at a word: the word after its last.</summary>
    private static int[] ChooseBreaks(int[] lengths, int width)
    {
        int count = lengths.Length;
        int[] lineEnds = new int[count];
        long[] costs = new long[count + 1];
        int tail = -1;
        for (int start = count - 1; start >= 0; start--)
        {
            tail += lengths[start] + 1;
            if (tail <= width || start == count - 1)
            {
                lineEnds[start] = count;
                continue;
            }

            costs[start] = int.MaxValue;
            int length = -1;
            for (int end = start + 1; end < count; end++)
            {
                length += lengths[end - 1] + 1;
                long slack = width - length;
                long cost = (slack * slack) + costs[end] + (slack < 0 ? OverlongPenalty : 0);
                if (cost < costs[start])
                {
                    costs[start] = cost;
                    lineEnds[start] = end;
                }
            }
        }

        return lineEnds;
    }
}
