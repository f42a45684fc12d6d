using System.Text.RegularExpressions;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>
/// Requests that nobody should send, to our agent and to the real one: the same answer, no stack frames anywhere, and nothing lost.
/// </summary>
public sealed partial class HttpBadInputTests(AgentPair pair, ITestOutputHelper output) : IClassFixture<AgentPair>
{
    private static readonly Dictionary<string, HttpCase> Cases = new(StringComparer.Ordinal);

    static HttpBadInputTests()
    {
        foreach (HttpCase one in JsonCases.All().Concat(SizeCases.All()).Concat(ParameterCases.All()).Concat(PathCases.All()).Concat(ProtocolCases.All()))
        {
            Cases.Add(one.Name, KnownDifferences.Mark(one));
        }
    }

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_answer_is_that_of_the_real_program(string name)
    {
        HttpCase one = Cases[name];
        RawAnswer ours = await RawHttp.ExchangeAsync(pair.Ours.HttpPort, one.Pieces);
        output.WriteLine("ours: " + ours);
        AgentPair.AssertNoStackFrames(ours.Body);
        await pair.AssertUnharmedAsync();
        RealConsul.Locate();
        RawAnswer theirs = await RawHttp.ExchangeAsync(pair.Real!.HttpPort, one.Pieces);
        output.WriteLine("real: " + theirs);
        if (one.Differs is not null)
        {
            Assert.Equal((one.Ours, one.Theirs), (ours.Status, theirs.Status));
            return;
        }

        Assert.Equal(Comparable(theirs), Comparable(ours));
    }

    private static string Comparable(RawAnswer answer) => Unstable().Replace(answer.ToString(), "#");

    /// <summary>What no two agents have in common: identities, indexes and addresses of clients.</summary>
    [GeneratedRegex("""[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"(Create|Modify|Raft)?Index": ?[0-9]+|127\.0\.0\.1:[0-9]+""")]
    private static partial Regex Unstable();
}
