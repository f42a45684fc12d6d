using System.Net;
using System.Text;
using System.Text.Json;
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
        Assert.Equal(await RegisteredAsync(pair.Real), await RegisteredAsync(pair.Ours));
        if (one.Differs is not null)
        {
            Assert.Equal((one.Ours, one.Theirs), (ours.Status, theirs.Status));
            return;
        }

        Assert.Equal(Comparable(theirs), Comparable(ours));
    }

    /// <summary>The real one forgets the check that is there when its replacement is refused; ours goes on with it.</summary>
    [Fact]
    public async Task A_refused_registration_leaves_the_check_that_it_would_replace()
    {
        RealConsul.Locate();
        foreach ((AgentProcess agent, bool isKept) in new[] { (pair.Ours, true), (pair.Real!, false) })
        {
            using HttpResponseMessage good = await agent.Http.PutAsync("/v1/agent/check/register", new StringContent("""{"Name":"replaced","TTL":"1h"}"""));
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            using HttpResponseMessage bad = await agent.Http.PutAsync("/v1/agent/check/register", new StringContent("""{"Name":"replaced","Args":["true"],"Interval":"5s"}"""));
            Assert.Equal(HttpStatusCode.InternalServerError, bad.StatusCode);
            Assert.Equal(isKept, (await RegisteredAsync(agent)).Contains("replaced", StringComparison.Ordinal));
            using HttpResponseMessage gone = await agent.Http.PutAsync("/v1/agent/check/deregister/replaced", content: null);
            Assert.DoesNotContain("replaced", await RegisteredAsync(agent), StringComparison.Ordinal);
        }
    }

    /// <summary>What an agent has of its own: a request must not be taken by one program only, or later ones are answered differently.</summary>
    private static async Task<string> RegisteredAsync(AgentProcess agent)
    {
        var names = new StringBuilder();
        foreach (string kind in (string[])["services", "checks"])
        {
            using JsonDocument found = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/" + kind));
            names.Append(kind).Append(": ").AppendJoin(' ', found.RootElement.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal)).Append('\n');
        }

        return names.ToString();
    }

    private static string Comparable(RawAnswer answer) => Unstable().Replace(answer.ToString(), "#");

    /// <summary>What no two agents have in common: identities, indexes and addresses of clients.</summary>
    [GeneratedRegex("""[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"(Create|Modify|Raft)?Index": ?[0-9]+|127\.0\.0\.1:[0-9]+""")]
    private static partial Regex Unstable();
}
