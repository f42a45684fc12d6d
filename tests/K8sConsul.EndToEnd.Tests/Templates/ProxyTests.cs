using System.Diagnostics;
using System.Globalization;
using System.Net;
using K8sConsul.EndToEnd.Tests.WalkThrough;
using K8sConsul.Tests;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>
/// The examples for nginx and haproxy as their readers run them, with instances that come and go. Goal: requests reach the healthy
/// instances and no others; method: real proxies, which the template's command reloads, and instances that count who asks.
/// </summary>
public sealed class ProxyTests
{
    /// <summary>Round-robin over three reaches each several times.</summary>
    private const int RequestsPerLook = 30;

    [Theory]
    [InlineData("nginx", "nginx.pid")]
    [InlineData("haproxy", "haproxy.pid")]
    public async Task Requests_reach_the_healthy_instances_and_no_others(string proxy, string pidFile)
    {
        Peers.OnPath(proxy);
        string folder = Examples.Copy(proxy);
        int port = Ports.Take();
        var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
        http.DefaultRequestHeaders.ConnectionClose = true;
        await using var agent = new AgentProcess("proxied", folder, "-server", "-bootstrap");
        await agent.StartWithLeaderAsync();
        await using var one = new Instance("web1");
        await using var two = new Instance("web2");
        await using var three = new Instance("web3");
        await one.RegisterAsync(agent);
        await two.RegisterAsync(agent);
        TemplateProcess template = TemplateProcess.Start(
            folder, agent.Http.BaseAddress!.Authority, ["-config", "template.hcl"], ("PORT", port.ToString(CultureInfo.InvariantCulture)));
        try
        {
            await SettlesAsync(http, template, "web1", "web2");

            await three.RegisterAsync(agent);
            await SettlesAsync(http, template, "web1", "web2", "web3");

            await one.DeregisterAsync(agent);
            await SettlesAsync(http, template, "web2", "web3");
            int reached = one.Requests;
            Assert.Equal(["web2", "web3"], await LookAsync(http, 10 * RequestsPerLook));
            Assert.Equal(reached, one.Requests);

            await two.CheckAsync(agent, "fail");
            await SettlesAsync(http, template, "web3");

            await two.CheckAsync(agent, "pass");
            await SettlesAsync(http, template, "web2", "web3");

            await two.DeregisterAsync(agent);
            await three.DeregisterAsync(agent);
            await SettlesAsync(http, template, "503");

            await one.RegisterAsync(agent);
            await SettlesAsync(http, template, "web1");
            Assert.Equal(12, await template.SignalAsync("TERM"));
        }
        finally
        {
            await template.DisposeAsync();
            http.Dispose();
            await StopAsync(Path.Combine(folder, pidFile));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A reload is over when the former workers are gone: until then both may answer.</summary>
    private static Task SettlesAsync(HttpClient http, TemplateProcess template, params string[] expected)
    {
        string[] last = [];
        return Eventually.TrueAsync(
            "answers come from " + string.Join(", ", expected),
            async () =>
            {
                last = await LookAsync(http, RequestsPerLook);
                return last.SequenceEqual(expected, StringComparer.Ordinal);
            },
            () => $"but from {string.Join(", ", last)}\n{template.Log}");
    }

    /// <summary>Who answers, sorted; a status where it is no success.</summary>
    private static async Task<string[]> LookAsync(HttpClient http, int requests)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < requests; i++)
        {
            using HttpResponseMessage answer = await http.GetAsync("/");
            seen.Add(answer.StatusCode == HttpStatusCode.OK
                ? await answer.Content.ReadAsStringAsync()
                : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }

        return [.. seen];
    }

    private static async Task StopAsync(string pidFile)
    {
        if (!File.Exists(pidFile))
        {
            return;
        }

        foreach (string pid in (await File.ReadAllTextAsync(pidFile)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using Process kill = Process.Start("kill", ["-TERM", pid]);
            await kill.WaitForExitAsync();
            await Eventually.TrueAsync("the proxy ends", () => Task.FromResult(!Directory.Exists("/proc/" + pid)));
        }
    }
}
