namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Our program against what the agent told the real one: it must ask the same, print the same and end the same.</summary>
public sealed class ReplayTests
{
    private static string File => Path.Combine(AppContext.BaseDirectory, "Testdata", "transcripts.json");

    [Fact]
    public async Task Every_recorded_invocation_is_replayed_to_the_letter()
    {
        using Workplace place = Workplace.Create();
        var words = new Normaliser();
        words.Add(place.Folder, "{dir}");
        List<string> differences = [];
        List<Transcript> transcripts = Transcript.Load(File);
        foreach (Transcript transcript in transcripts)
        {
            await using var agent = new Replayer(transcript, words);
            RunResult ours = await Runs.OursAsync(RunOf(transcript), words, agent.Address);
            if (agent.Complaints.Length > 0)
            {
                differences.Add($"{transcript}\n{agent.Complaints}");
            }

            differences.AddRange(Differences.Between($"{transcript}", new RunResult(transcript.Output, transcript.Error, transcript.ExitCode), ours));
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
        Assert.True(transcripts.Count > 400, $"only {transcripts.Count} transcripts");
    }

    private static ProgramRun RunOf(Transcript transcript)
    {
        string[] variables = [.. (transcript.Environment ?? []).Select(variable => $"{variable.Key}={variable.Value}")];
        return new ProgramRun(transcript.Arguments, transcript.Input, variables);
    }
}

internal static class Differences
{
    public static IEnumerable<string> Between(string name, RunResult real, RunResult ours)
    {
        if (real != ours)
        {
            yield return $"""
                {name}
                real: {real.ExitCode}
                {real.Output}--- {real.Error}
                ours: {ours.ExitCode}
                {ours.Output}--- {ours.Error}
                """;
        }
    }
}
