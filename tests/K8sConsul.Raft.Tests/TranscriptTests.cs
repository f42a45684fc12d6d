using System.Text;
using K8sConsul.Raft.Tests.Simulation;

namespace K8sConsul.Raft.Tests;

/// <summary>
/// Scripts with the transcript they must give, log lines included (in the manner of etcd's interaction tests). To regenerate them, set
/// K8SCONSUL_REWRITE_TRANSCRIPTS to the folder Testdata of the sources, run this class, and review the difference.
/// </summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Scripts() =>
        new(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Testdata"), "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_transcript_is_as_recorded(string script)
    {
        string recorded = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Testdata", script));
        string found = Replay(recorded);
        if (Environment.GetEnvironmentVariable("K8SCONSUL_REWRITE_TRANSCRIPTS") is { Length: > 0 } sources)
        {
            File.WriteAllText(Path.Combine(sources, script), found);
            return;
        }

        Assert.Equal(recorded, found);
    }

    [Fact]
    public void There_are_scripts() => Assert.True(Scripts().Count >= 8);

    /// <summary>Comments and commands stay, what follows a "----" up to an empty line is made anew.</summary>
    private static string Replay(string recorded)
    {
        TranscriptRunner runner = new();
        StringBuilder result = new();
        bool isOutput = false;
        foreach (string line in recorded.Split('\n').SkipLast(1))
        {
            if (isOutput)
            {
                isOutput = line.Length > 0;
                result.Append(isOutput ? "" : "\n");
            }
            else if (line.Length == 0 || line[0] == '#')
            {
                result.Append(line).Append('\n');
            }
            else if (string.Equals(line, "----", StringComparison.Ordinal))
            {
                isOutput = true;
            }
            else
            {
                result.Append(line).Append("\n----\n").Append(runner.Run(line));
            }
        }

        return result.ToString();
    }
}
