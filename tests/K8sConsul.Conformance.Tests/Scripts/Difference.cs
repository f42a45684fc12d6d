namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>What a case answered otherwise: the lines only the real program has (<c>-</c>) and those only ours has (<c>+</c>).</summary>
internal static class Difference
{
    public static List<string> Between(string real, string ours)
    {
        string[] a = real.TrimEnd('\n').Split('\n');
        string[] b = ours.TrimEnd('\n').Split('\n');

        // The longest common subsequence, by the textbook: transcripts have a few hundred lines.
        int[,] common = new int[a.Length + 1, b.Length + 1];
        for (int i = a.Length - 1; i >= 0; i--)
        {
            for (int j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        int x = 0;
        int y = 0;
        string step = string.Empty;
        string told = string.Empty;
        while (x < a.Length || y < b.Length)
        {
            if (x < a.Length && y < b.Length && a[x] == b[y])
            {
                step = a[x].StartsWith("--- ", StringComparison.Ordinal) ? a[x] : step;
                x++;
                y++;
                continue;
            }

            if (step != told)
            {
                lines.Add(step);
                told = step;
            }

            bool onlyReal = x < a.Length && (y == b.Length || common[x + 1, y] >= common[x, y + 1]);
            lines.Add(onlyReal ? "- " + a[x++] : "+ " + b[y++]);
        }

        return lines;
    }
}
