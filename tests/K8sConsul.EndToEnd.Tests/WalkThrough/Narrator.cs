using System.Diagnostics;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>Types a chapter's commands at the two machines and compares what the terminal shows.</summary>
internal sealed class Narrator(TutorialDatacenter datacenter, Shell shell)
{
    /// <summary>Of each agent's log, with a failure: enough for what happened last.</summary>
    private const int LogShown = 3000;

    /// <summary>Longer than a minute: a leader of 1.8.7 that missed a member's event makes up for it that often.</summary>
    private static readonly TimeSpan _inTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a recording waits where a reading would ask again: longer than gossip and anti-entropy take.</summary>
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(5);

    public async Task PlayAsync(string file)
    {
        int number = 0;
        var differences = new StringBuilder();
        foreach (Step step in Chapter.Read(file))
        {
            number++;
            string shown = await ShowAsync(step);
            long started = Stopwatch.GetTimestamp();
            while (step.InTime && shown != step.Transcript && Stopwatch.GetElapsedTime(started) < _inTime)
            {
                await Task.Delay(_pause);
                shown = await ShowAsync(step);
            }

            if (shown != step.Transcript)
            {
                differences.Append(Path.GetFileName(file)).Append(", step ").Append(number).Append(": ").Append(step.Command)
                    .Append("\n--- expected\n").Append(step.Transcript).Append("--- shown\n").Append(shown).Append('\n');
            }
        }

        if (differences.Length > 0)
        {
            Assert.Fail(differences.Append(EndOfLog(datacenter.One)).Append(EndOfLog(datacenter.Two)).ToString());
        }
    }

    /// <summary>The chapter as it is now, for the file to be written anew.</summary>
    public async Task<string> RecordAsync(string file)
    {
        List<Step> steps = [];
        foreach (Step step in Chapter.Read(file))
        {
            if (step.InTime)
            {
                await Task.Delay(_settling);
            }

            steps.Add(step with { Transcript = await ShowAsync(step) });
        }

        return Chapter.Write(steps);
    }

    private async Task<string> ShowAsync(Step step)
    {
        AgentProcess agent = step.Agent == datacenter.One.Name ? datacenter.One : datacenter.Two;
        ShellResult result = await shell.RunAsync(
            datacenter.Network.Place(step.Command),
            ("CONSUL_HTTP_ADDR", agent.Address + ":8500"),
            ("CONFIG_DIR", datacenter.ConfigurationOf(agent)),
            ("PID_FILE", datacenter.PidFileOf(agent)));
        string shown = datacenter.Network.Unplace(Chapter.Transcript(result));
        shown = shown.Replace(shell.Directory, "{here}", StringComparison.Ordinal).Replace(datacenter.ConfigurationOf(agent), "{config}", StringComparison.Ordinal);
        return Masks.Apply(shown);
    }

    private static string EndOfLog(AgentProcess agent)
    {
        string log = agent.Log;
        return $"--- end of the log of {agent.Name}\n{log[Math.Max(0, log.Length - LogShown)..]}\n";
    }
}
