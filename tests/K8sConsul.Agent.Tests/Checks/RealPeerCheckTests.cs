using System.Text.Json;
using System.Text.RegularExpressions;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Go;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>The same checks run by a real Consul 1.8.7 and by us, against the same targets, must read the same.</summary>
public sealed partial class RealPeerCheckTests
{
    [Fact]
    public async Task Every_check_gives_the_status_and_output_that_Consul_gives()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using CheckTargets targets = await CheckTargets.StartAsync();
        IReadOnlyList<CheckDefinition> cases = CheckCases.All(targets);
        IReadOnlyDictionary<CheckKind, IProbe> probes = CheckScheduler.StandardProbes(ProbeTls.System, TimeProvider.System);
        CheckResult[] ours = await Task.WhenAll(cases.Select(
            c => probes[c.Kind].RunAsync(c, c.OutputMaxSize > 0 ? c.OutputMaxSize : 4096, CancellationToken.None)));

        for (int i = 0; i < cases.Count; i++)
        {
            // Begins with a status that is not the result, so that the first run shows even where the output is empty.
            Assert.Equal("", await consul.PutAsync("/v1/agent/check/register", Json(cases[i], ours[i].Status == CheckStatus.Warning ? "passing" : "warning")));
        }

        Dictionary<string, (string Status, string Output)> theirs = [];
        await consul.UntilAsync(
            async () =>
            {
                theirs = await consul.ChecksAsync();
                return cases.Zip(ours).All(p => theirs[p.First.Name] is var (status, output) && (output.Length > 0 || status == p.Second.Status.Text()));
            },
            "the real Consul has run every check");
        List<string> differences = [];
        foreach ((CheckDefinition check, CheckResult our) in cases.Zip(ours))
        {
            (string status, string output) = theirs[check.Name];
            if (status != our.Status.Text() || Stable(output) != Stable(our.Output))
            {
                differences.Add($"{check.Name}\n  Consul: {status} {output}\n  we:     {our.Status.Text()} {our.Output}\n");
            }
        }

        Assert.True(differences.Count == 0, string.Concat(differences));
    }

    [Fact]
    public async Task The_request_of_an_HTTP_check_has_the_headers_that_Consul_sends()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using CheckTargets targets = await CheckTargets.StartAsync();
        foreach (CheckDefinition check in CheckCases.All(targets).Where(static c => c.Name is "http 200" or "http post" or "http agent" or "http user" or "http head" or "http put" or "http 200?a=b&c" or "http a%20b" or "http redirect"))
        {
            targets.Requests.Clear();
            Assert.Equal("", await consul.PutAsync("/v1/agent/check/register", Json(check, "warning")));
            int wanted = check.Name == "http redirect" ? 2 : 1;
            await consul.UntilAsync(() => Task.FromResult(targets.Requests.Count >= wanted), $"the real Consul has asked for {check.Name}");
            Assert.Equal("", await consul.PutAsync("/v1/agent/check/deregister/" + Uri.EscapeDataString(check.Name)));
            string[] theirs = [.. targets.Requests.Take(wanted).Select(Sorted)];
            targets.Requests.Clear();
            using HttpProbe probe = new(ProbeTls.System, TimeProvider.System);
            await probe.RunAsync(check, 4096, CancellationToken.None);
            Assert.Equal(theirs, targets.Requests.Select(Sorted));
        }
    }

    /// <summary>Header order is nobody's contract; Go sends a Referer after a redirect, which says nothing to a health check.</summary>
    private static string Sorted(string request)
    {
        string[] lines = request.Split("\r\n");
        return string.Join('\n', lines.Skip(1).Where(static l => !l.StartsWith("Referer:", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Prepend(lines[0]));
    }

    private static string Json(CheckDefinition check, string status)
    {
        using MemoryStream output = new();
        using (Utf8JsonWriter json = new(output))
        {
            json.WriteStartObject();
            json.WriteString("ID", check.Name);
            json.WriteString("Name", check.Name);
            json.WriteString("Status", status);
            json.WriteString("Interval", "1s");
            json.WriteString("HTTP", check.Http);
            json.WriteString("Method", check.Method);
            json.WriteString("Body", check.Body);
            json.WriteString("TCP", check.Tcp);
            json.WriteString("GRPC", check.Grpc);
            json.WriteBoolean("GRPCUseTLS", check.GrpcUseTls);
            json.WriteBoolean("TLSSkipVerify", check.TlsSkipVerify);
            json.WriteNumber("OutputMaxSize", check.OutputMaxSize);
            if (check.Timeout > TimeSpan.Zero)
            {
                json.WriteString("Timeout", GoDuration.Format(check.Timeout));
            }

            json.WriteStartObject("Header");
            foreach ((string name, System.Collections.Immutable.ImmutableArray<string> values) in check.Header)
            {
                json.WriteStartArray(name);
                values.ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            if (check.IsScript)
            {
                json.WriteStartArray("Args");
                check.ScriptArgs.ToList().ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>
    /// Without the port that the kernel chose, and without what in Go depends on which of two goroutines notices first: who
    /// saw a gRPC connection end, and whether a malformed answer came before the request was written.
    /// </summary>
    private static string Stable(string output)
    {
        output = output.Replace("net/http: HTTP/1.x transport connection broken: ", "", StringComparison.Ordinal);

        // Two timers of Go end at the same time, and either may be first to name the end.
        output = output.Replace("net/http: TLS handshake timeout", "context deadline exceeded", StringComparison.Ordinal);
        return OwnPort().Replace(
            output.StartsWith("rpc error", StringComparison.Ordinal) ? Broken().Replace(output, "connection closed") : output, " tcp 127.0.0.1:*->");
    }

    [GeneratedRegex(
        "(read|write) tcp [^ ]+: ((read|write): (broken pipe|connection reset by peer)|use of closed network connection)|transport is closing",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Broken();

    [GeneratedRegex(" tcp 127\\.0\\.0\\.1:[0-9]+->", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnPort();
}
