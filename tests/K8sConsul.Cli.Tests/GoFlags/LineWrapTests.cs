using K8sConsul.Cli.GoFlags;

namespace K8sConsul.Cli.Tests.GoFlags;

public sealed class LineWrapTests
{
    [Fact]
    public void Breaks_make_lines_even_rather_than_full()
    {
        Assert.Equal(
            [
                "Path to a directory to read configuration files from. This",
                "will read every file ending in '.json' as configuration in this",
                "directory in alphabetical order. Can be specified multiple times.",
            ],
            LineWrap.Balanced(
                "Path to a directory to read configuration files from. This will read every file ending in '.json' as configuration "
                + "in this directory in alphabetical order. Can be specified multiple times.",
                67));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("one", "one")]
    [InlineData("a\nb", "a b")]
    [InlineData("abcdefghijklmnop", "abcdefghijklmnop")]
    [InlineData("abcdefghijklmnop q", "abcdefghijklmnop|q")]
    public void Edges(string text, string lines)
    {
        Assert.Equal(lines.Split('|'), LineWrap.Balanced(text, 10));
    }

    /// <summary>Compared with trying every way to break.</summary>
    [Fact]
    public void The_chosen_breaks_cost_least()
    {
        var random = new Random(5);
        for (int round = 0; round < 500; round++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => new string('x', random.Next(1, 12)))];
            IReadOnlyList<string> lines = LineWrap.Balanced(string.Join(' ', words), 20);
            Assert.Equal(string.Join(' ', words), string.Join(' ', lines));

            long best = long.MaxValue;
            for (int mask = 0; mask < 1 << (words.Length - 1); mask++)
            {
                best = Math.Min(best, Cost(Break(words, mask), 20));
            }

            Assert.Equal(best, Cost(lines, 20));
        }
    }

    /// <summary>Every flag of every command of the real program is broken at the same words.</summary>
    [Fact]
    public void The_real_help_texts_break_at_the_same_words()
    {
        RealConsul.Locate();
        string[] commands =
        [
            "agent", "kv put", "kv get", "lock", "exec", "watch", "members", "monitor", "services register", "snapshot save",
            "acl token create", "acl auth-method create", "operator autopilot set-config", "connect envoy", "tls cert create",
            "intention create", "validate", "event", "debug", "config write", "login", "maint", "rtt",
        ];
        int seen = 0;
        foreach (string command in commands)
        {
            (int exitCode, string output, _) = RealConsul.Run(Path.GetTempPath(), [.. command.Split(' '), "-h"]);
            Assert.Equal(0, exitCode);
            foreach (string[] lines in Descriptions(output))
            {
                seen++;
                Assert.Equal(lines, LineWrap.Balanced(string.Join(' ', lines), 67));
            }
        }

        Assert.InRange(seen, 250, int.MaxValue);
    }

    private static IEnumerable<string[]> Descriptions(string help)
    {
        var lines = new List<string>();
        bool inFlag = false;
        foreach (string line in help[help.IndexOf(" Options\n", StringComparison.Ordinal)..].Split('\n'))
        {
            if (line.StartsWith("  -", StringComparison.Ordinal))
            {
                inFlag = true;
            }
            else if (inFlag && line.StartsWith("     ", StringComparison.Ordinal))
            {
                lines.Add(line[5..]);
            }
            else if (lines.Count > 0)
            {
                yield return [.. lines];
                lines.Clear();
                inFlag = false;
            }
        }
    }

    private static List<string> Break(string[] words, int mask)
    {
        var lines = new List<string> { words[0] };
        for (int i = 1; i < words.Length; i++)
        {
            if ((mask >> (i - 1) & 1) == 1)
            {
                lines.Add(words[i]);
            }
            else
            {
                lines[^1] += " " + words[i];
            }
        }

        return lines;
    }

    private static long Cost(IReadOnlyList<string> lines, int width)
    {
        long cost = 0;
        foreach (string line in lines.SkipLast(1))
        {
            long slack = width - line.Length;
            cost += (slack * slack) + (slack < 0 ? 100_000 : 0);
        }

        // The last line is free, unless it holds more than it could.
        return lines[^1].Length > width && lines[^1].Contains(' ', StringComparison.Ordinal) ? long.MaxValue : cost;
    }
}
