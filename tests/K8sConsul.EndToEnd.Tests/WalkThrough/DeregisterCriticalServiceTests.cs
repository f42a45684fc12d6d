using System.Diagnostics;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>
/// A service whose check stays critical is taken out of the catalog after the time that its check names, one minute at the
/// least; its sibling that names none stays. Consul looks every 30 seconds.
/// </summary>
public sealed class DeregisterCriticalServiceTests
{
    private static readonly TimeSpan _least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _most = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_service_that_stays_critical_is_deregistered_after_its_time()
    {
        await using TutorialDatacenter datacenter = await TutorialDatacenter.StartAsync(AgentProcess.Program);
        await datacenter.JoinAsync();
        HttpClient two = datacenter.Two.Http;
        string page = $"http://{datacenter.Two.Address}:8080/";
        await RegisterAsync(two, $$$"""{"Name": "doomed", "Port": 8080, "Check": {"HTTP": "{{{page}}}", "Interval": "1s", "DeregisterCriticalServiceAfter": "10s"}}""");
        await RegisterAsync(two, $$$"""{"Name": "spared", "Port": 8080, "Check": {"HTTP": "{{{page}}}", "Interval": "1s"}}""");
        foreach (string service in (string[])["doomed", "spared"])
        {
            await Eventually.TrueAsync(service + " is well", async () => await CountAsync(datacenter, service, "passing") == 1, () => datacenter.Two.Log);
        }

        long broken = Stopwatch.GetTimestamp();
        datacenter.Web.Status = 500;
        await Eventually.TrueAsync(
            "doomed is critical, and still there",
            async () => await CountAsync(datacenter, "doomed", "passing") == 0 && await CountAsync(datacenter, "doomed", "") == 1,
            () => datacenter.Two.Log);
        await Eventually.TrueAsync(
            "doomed is gone from the catalog",
            async () => await CountAsync(datacenter, "doomed", "") == 0,
            () => datacenter.Two.Log,
            _most);
        Assert.True(Stopwatch.GetElapsedTime(broken) > _least, "a shorter time than Consul's minimum was taken at its word");
        Assert.DoesNotContain("doomed", await two.GetStringAsync("/v1/agent/services"), StringComparison.Ordinal);
        Assert.DoesNotContain("doomed", await two.GetStringAsync("/v1/agent/checks"), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(datacenter, "spared", ""));
    }

    private static async Task RegisterAsync(HttpClient agent, string definition)
    {
        using HttpResponseMessage answer = await agent.PutAsync("/v1/agent/service/register", new StringContent(definition));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<int> CountAsync(TutorialDatacenter datacenter, string service, string filter)
    {
        string rows = await datacenter.One.Http.GetStringAsync($"/v1/health/service/{service}?{filter}");
        return rows.Split("\"Service\":{").Length - 1;
    }
}
