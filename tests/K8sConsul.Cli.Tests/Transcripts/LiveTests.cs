namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Both programs, each on a fresh agent of the real one.</summary>
public sealed class LiveTests
{
    [Fact]
    public async Task Our_program_does_on_a_real_agent_what_the_real_one_does()
    {
        List<RunResult> real = await RunAllAsync(Runs.RealAsync);
        List<RunResult> ours = await RunAllAsync(Runs.OursAsync);
        List<string> differences = [];
        int next = 0;
        foreach (ProgramRun invocation in Invocations.All)
        {
            differences.AddRange(Differences.Between($"consul {string.Join(' ', invocation.Arguments)}", real[next], ours[next]));
            next++;
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    /// <summary>Writes Testdata/transcripts.json anew; run it with K8SCONSUL_RECORD naming that file, and review the change.</summary>
    [Fact]
    public async Task Transcripts_are_recorded_when_asked_for()
    {
        string? file = Environment.GetEnvironmentVariable("K8SCONSUL_RECORD");
        Assert.SkipWhen(file is null, "K8SCONSUL_RECORD does not name a file to record to");
        using Workplace place = Workplace.Create();
        await using RealAgent agent = await RealAgent.StartAsync(place);
        await using var recorder = new Recorder(agent.Address, agent.Words);
        List<Transcript> transcripts = [];
        foreach (ProgramRun invocation in Invocations.All)
        {
            RunResult result = await Runs.RealAsync(invocation, agent.Words, recorder.Address);
            transcripts.Add(new Transcript
            {
                Arguments = [.. invocation.Arguments.Select(argument => agent.Words.Apply(argument))],
                Input = invocation.Input,
                Environment = invocation.Variables.Length == 0 ? null : invocation.Variables.ToDictionary(text => text.Split('=')[0], text => text.Split('=', 2)[1]),
                Exchanges = recorder.TakeExchanges(),
                Output = result.Output,
                Error = result.Error,
                ExitCode = result.ExitCode,
            });
        }

        Transcript.Save(file, transcripts);
    }

    private static async Task<List<RunResult>> RunAllAsync(Func<ProgramRun, Normaliser, string, Task<RunResult>> run)
    {
        using Workplace place = Workplace.Create();
        await using RealAgent agent = await RealAgent.StartAsync(place);
        List<RunResult> results = [];
        foreach (ProgramRun invocation in Invocations.All)
        {
            RunResult result = await run(invocation, agent.Words, agent.Address);
            results.Add(new RunResult(Normaliser.WithoutIndexes(result.Output), Normaliser.WithoutIndexes(result.Error), result.ExitCode));
        }

        return results;
    }
}
