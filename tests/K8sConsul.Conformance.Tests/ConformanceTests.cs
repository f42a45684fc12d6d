using System.Text;
using K8sConsul.Conformance.Tests.Agents;
using K8sConsul.Conformance.Tests.Scripts;

namespace K8sConsul.Conformance.Tests;

/// <summary>Goal: clients cannot tell our HTTP API from Consul 1.8.7's. Method: the same scripts, answers compared as text.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (string name in ScriptReader.Names())
        {
            names.Add(name);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Our_answers_are_those_of_the_real_program(string name)
    {
        Script script = ScriptReader.Read(name);
        IReadOnlyList<(string Title, string Transcript)> real = RecordedAnswers.Read(name);
        Assert.Equal(script.Cases.Select(c => c.Title), real.Select(c => c.Title));

        await using TestAgent agent = await TestAgent.StartAsync(Programs.Ours, script);
        IReadOnlyList<(string Title, string Transcript)> ours = await Player.PlayAsync(script, agent);
        var report = new StringBuilder();
        for (int i = 0; i < real.Count; i++)
        {
            List<string> difference = Difference.Between(real[i].Transcript, ours[i].Transcript);
            IReadOnlyList<string> accepted = AcceptedDifference.Of(name, real[i].Title)?.Lines ?? [];
            if (!difference.SequenceEqual(accepted, StringComparer.Ordinal))
            {
                report.Append("== ").Append(name).Append(" | ").Append(real[i].Title).Append('\n').AppendJoin('\n', difference).Append("\n\n");
            }
        }

        Assert.True(report.Length == 0, $"- the real program, + ours:\n{report}");
    }

    [Fact]
    public void Accepted_differences_name_cases_that_exist()
    {
        var known = ScriptReader.Names().SelectMany(n => ScriptReader.Read(n).Cases.Select(c => (n, c.Title))).ToHashSet();
        Assert.All(AcceptedDifference.All, d => Assert.Contains((d.Script, d.Case), known));
    }
}
