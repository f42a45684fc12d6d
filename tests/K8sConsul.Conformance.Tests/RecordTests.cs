using System.Text;
using K8sConsul.Conformance.Tests.Agents;
using K8sConsul.Conformance.Tests.Scripts;

namespace K8sConsul.Conformance.Tests;

/// <summary>Goal: the records are the real program's word. With K8SCONSUL_RECORD=1 its present answers become the record.</summary>
public sealed class RecordTests
{
    public static TheoryData<string> Names() => ConformanceTests.Names();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_record_is_what_the_real_program_answers(string name)
    {
        Script script = ScriptReader.Read(name);
        await using TestAgent agent = await TestAgent.StartAsync(Programs.Real(), script);
        IReadOnlyList<(string Title, string Transcript)> real = await Player.PlayAsync(script, agent);
        if (string.Equals(Environment.GetEnvironmentVariable("K8SCONSUL_RECORD"), "1", StringComparison.Ordinal))
        {
            RecordedAnswers.Write(name, real);
            return;
        }

        IReadOnlyList<(string Title, string Transcript)> record = RecordedAnswers.Read(name);
        Assert.Equal(real.Select(c => c.Title), record.Select(c => c.Title));
        var report = new StringBuilder();
        for (int i = 0; i < real.Count; i++)
        {
            List<string> difference = Difference.Between(record[i].Transcript, real[i].Transcript);
            if (difference.Count > 0)
            {
                report.Append("== ").Append(name).Append(" | ").Append(real[i].Title).Append('\n').AppendJoin('\n', difference).Append("\n\n");
            }
        }

        Assert.True(report.Length == 0, $"- the record, + the real program today:\n{report}");
    }
}
