using System.Text.Json;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Agent.Local.Storage;
using K8sConsul.Agent.Tests.Checks;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Local;

/// <summary>A data directory changes hands between a real Consul 1.8.7 and us, in both directions.</summary>
public sealed class RealPeerStoreTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("shared-data-").FullName;

    [Fact]
    public async Task What_Consul_saved_is_restored_here()
    {
        await using (RealConsul consul = await RealConsul.StartAsync(_data))
        {
            Assert.Equal("", await consul.PutAsync("/v1/agent/service/register", """
                {"ID":"web1","Name":"web","Tags":["a","b"],"Address":"10.1.2.3","Port":80,"Meta":{"k":"v"},"Weights":{"Passing":3,"Warning":2},"EnableTagOverride":true,"Token":"",
                 "Checks":[{"TTL":"1h","Notes":"n"},{"Name":"h","HTTP":"http://127.0.0.1:1/","Interval":"10m","Timeout":"1500ms","Header":{"X":["1","2"]},"TLSSkipVerify":true,"FailuresBeforeCritical":2}]}
                """));
            Assert.Equal("", await consul.PutAsync("/v1/agent/check/pass/service:web1:1?note=well"));
            Assert.Equal("", await consul.PutAsync("/v1/agent/maintenance?enable=true&reason=because"));
        }

        using LocalState state = new(new LocalStateOptions("n1", TimeSpan.Zero), TimeProvider.System, static _ => TimeSpan.Zero);
        Registry(state).Restore();
        ServiceDefinition web = Assert.Single(state.Current.Services.Values).Definition;
        Assert.Equal(("web1", "web", "10.1.2.3", 80, 3, 2, true), (web.Id, web.Name, web.Address, web.Port, web.Weights.Passing, web.Weights.Warning, web.EnableTagOverride));
        Assert.Equal(["a", "b"], web.Tags);
        Assert.Equal("v", web.Meta["k"]);
        Assert.Equal(["lan_ipv4", "wan_ipv4"], web.TaggedAddresses.Keys);
        Assert.Equal(["_node_maintenance", "service:web1:1", "service:web1:2"], state.Current.Checks.Keys);
        LocalCheck ttl = state.Current.Checks["service:web1:1"];
        Assert.Equal((CheckStatus.Passing, "well", "n", "web1", TimeSpan.FromHours(1)), (ttl.Status, ttl.Output, ttl.Notes, ttl.ServiceId, ttl.Definition!.Ttl));
        CheckDefinition http = state.Current.Checks["service:web1:2"].Definition!;
        Assert.Equal(("h", "http://127.0.0.1:1/", TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(1500), true, 2), (http.Name, http.Http, http.Interval, http.Timeout, http.TlsSkipVerify, http.FailuresBeforeCritical));
        Assert.Equal(["1", "2"], http.Header["X"]);
        Assert.Equal(("because", MaintenanceMode.Type), (state.Current.Checks["_node_maintenance"].Notes, state.Current.Checks["_node_maintenance"].Type));
    }

    [Fact]
    public async Task What_we_saved_is_restored_by_Consul()
    {
        using (LocalState state = new(new LocalStateOptions("n1", TimeSpan.Zero), TimeProvider.System, static _ => TimeSpan.Zero))
        {
            LocalRegistry registry = Registry(state);
            Assert.Null(registry.RegisterService(
                new ServiceDefinition
                {
                    Id = "web1",
                    Name = "web",
                    Tags = ["a"],
                    Address = "10.1.2.3",
                    Port = 80,
                    Checks = [new CheckDefinition { Ttl = TimeSpan.FromHours(1), Notes = "n" }, new CheckDefinition { Tcp = "127.0.0.1:1", Interval = TimeSpan.FromMinutes(10) }],
                },
                RegistrationSource.Api));
            Assert.Null(registry.UpdateTtl("service:web1:1", CheckStatus.Warning, "hm"));
            Assert.Null(registry.EnableServiceMaintenance("web1", "", ""));
        }

        await using RealConsul consul = await RealConsul.StartAsync(_data);
        using JsonDocument services = JsonDocument.Parse(await consul.GetAsync("/v1/agent/services"));
        JsonElement web = services.RootElement.GetProperty("web1");
        Assert.Equal(
            """{"ID":"web1","Service":"web","Tags":["a"],"Meta":{},"Port":80,"Address":"10.1.2.3","TaggedAddresses":{"lan_ipv4":{"Address":"10.1.2.3","Port":80},"wan_ipv4":{"Address":"10.1.2.3","Port":80}},"Weights":{"Passing":1,"Warning":1},"EnableTagOverride":false}""",
            web.GetRawText());
        Dictionary<string, (string Status, string Output)> checks = await consul.ChecksAsync();
        Assert.Equal(["_service_maintenance:web1", "service:web1:1", "service:web1:2"], checks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("warning", "hm"), checks["service:web1:1"]);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private LocalRegistry Registry(LocalState state) => new(
        state, new TtlOnly(), new NoGate(), new RegistrationStore(_data, "n1", NullLogger.Instance), new RegistryOptions(), TimeProvider.System, NullLogger.Instance);

    private sealed class TtlOnly : ICheckRunner
    {
        public void Start(string checkId, CheckDefinition definition)
        {
        }

        public void Stop(string checkId)
        {
        }

        public string ReportTtl(string checkId, CheckStatus status, string output) => output;
    }

    private sealed class NoGate : ISyncGate
    {
        public void Pause()
        {
        }

        public void Resume()
        {
        }
    }
}
