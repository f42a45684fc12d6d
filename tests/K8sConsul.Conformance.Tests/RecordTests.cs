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

        Assert.Equal(RecordedAnswers.Read(name), real);
    }
}
