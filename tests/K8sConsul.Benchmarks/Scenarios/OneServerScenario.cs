using System.Diagnostics;
using System.Globalization;
using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Load;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>One server with a data directory: reads, writes, catalog, DNS and watchers.</summary>
internal sealed class OneServerScenario(BenchmarkOptions options) : Scenario
{
    private const int Connections = 64;
    private const int ValueBytes = 100;
    private const int ManyInstances = 100;
    private const int DnsInstances = 10;
    private const string ReadPath = "/v1/kv/read/00000000";

    private static readonly Row Write = Row.Rate("kv-write-1-server");
    private static readonly Row WriteAlone = Row.Rate("kv-write-1-server-1-connection");
    private static readonly Row ReadDefault = Row.Rate("kv-read-default");
    private static readonly Row ReadStale = Row.Rate("kv-read-stale");
    private static readonly Row ReadConsistent = Row.Rate("kv-read-consistent");
    private static readonly Row Health = Row.Rate("health-100-instances");
    private static readonly Row Catalog = Row.Rate("catalog-service-100-instances");
    private static readonly Row DnsA = Row.Rate("dns-a-10-instances");
    private static readonly Row DnsSrv = Row.Rate("dns-srv-10-instances");
    private static readonly Row WakeTime = Row.Time("watchers-wake");
    private static readonly Row WakeCpu = Row.Cpu("watchers-wake-cpu");

    public override string Name => "one server";

    public override IReadOnlyList<Row> Rows =>
        [Write, WriteAlone, ReadDefault, ReadStale, ReadConsistent, Health, Catalog, DnsA, DnsSrv, WakeTime, WakeCpu];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 1);
        AgentProcess server = cluster.Servers[0];
        Http(server, sink, Write, Requests.PutKeys("write", ValueBytes), Connections);
        Http(server, sink, WriteAlone, Requests.PutKeys("alone", ValueBytes), connections: 1);

        server.Put(ReadPath, new string('v', ValueBytes));
        Http(server, sink, ReadDefault, Requests.Get(ReadPath), Connections);
        Http(server, sink, ReadStale, Requests.Get(ReadPath + "?stale"), Connections);
        Http(server, sink, ReadConsistent, Requests.Get(ReadPath + "?consistent"), Connections);

        if (sink.Wants(Health, Catalog))
        {
            Register(server, "many", ManyInstances);
            Http(server, sink, Health, Requests.Get("/v1/health/service/many?passing"), Connections);
            Http(server, sink, Catalog, Requests.Get("/v1/catalog/service/many"), Connections);
        }

        if (sink.Wants(DnsA, DnsSrv))
        {
            Register(server, "few", DnsInstances);
            Dns(server, sink, DnsA, DnsQuery.TypeA);
            Dns(server, sink, DnsSrv, DnsQuery.TypeSrv);
        }

        if (sink.Wants(WakeTime, WakeCpu))
        {
            Watch(server, sink);
        }
    }

    private void Http(AgentProcess server, Sink sink, Row row, IRequests requests, int connections)
    {
        if (sink.Wants(row))
        {
            using ClosedLoop load = ClosedLoop.Http(server.HttpPort, connections);
            sink.Add(row, load.RunFor(requests, options.WarmUpTime, options.LoadTime));
        }
    }

    private void Dns(AgentProcess server, Sink sink, Row row, ushort type)
    {
        if (sink.Wants(row))
        {
            using ClosedLoop load = ClosedLoop.Dns(server.DnsPort, Connections);
            sink.Add(row, load.RunFor(Requests.Datagram(DnsQuery.Encode("few.service.consul", type)), options.WarmUpTime, options.LoadTime));
        }
    }

    /// <summary>On nodes of their own, each with a passing check, as a fleet has them.</summary>
    private static void Register(AgentProcess server, string service, int instances)
    {
        for (int i = 1; i <= instances; i++)
        {
            server.Put("/v1/catalog/register", string.Create(CultureInfo.InvariantCulture, $$$"""
                {
                  "Node": "{{{service}}}-node-{{{i}}}", "Address": "10.1.0.{{{i}}}",
                  "Service": {"ID": "{{{service}}}-{{{i}}}", "Service": "{{{service}}}", "Tags": ["v1", "primary"], "Port": {{{8000 + i}}}, "Meta": {"zone": "a"}},
                  "Check": {"CheckID": "service:{{{service}}}-{{{i}}}", "Name": "alive", "Status": "passing", "ServiceID": "{{{service}}}-{{{i}}}", "Output": "200 OK"}
                }
                """));
        }
    }

    /// <summary>From a write until the last of those who wait for it has been answered.</summary>
    private void Watch(AgentProcess server, Sink sink)
    {
        const string Watched = "/v1/kv/watched";
        server.Put(Watched, "before");
        using ClosedLoop watchers = ClosedLoop.Http(server.HttpPort, options.Watchers);

        // The first time is for both programs' caches, pools and compilers.
        for (int time = 0; time < 2; time++)
        {
            string index = IndexOf(server, Watched);
            watchers.SendAll(Requests.Get($"{Watched}?index={index}&wait=120s"));
            AwaitQuiet(server);
            ProcessUsage before = server.Usage;
            long started = Stopwatch.GetTimestamp();
            server.Put(Watched, string.Create(CultureInfo.InvariantCulture, $"after {time}"));
            watchers.AwaitAll();
            double elapsedMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (time > 0)
            {
                sink.Add(WakeTime, elapsedMs);
                sink.Add(WakeCpu, server.Usage.CpuMs - before.CpuMs);
            }
        }
    }

    private static string IndexOf(AgentProcess server, string path)
    {
        using HttpResponseMessage answer = server.Http.Send(new HttpRequestMessage(HttpMethod.Get, path));
        return answer.Headers.GetValues("X-Consul-Index").First();
    }

    /// <summary>Whoever is blocked uses nothing: all watchers have been read and wait.</summary>
    private static void AwaitQuiet(AgentProcess server)
    {
        ProcessUsage last = server.Usage;
        server.WaitFor("is quiet while its watchers wait", () =>
        {
            Thread.Sleep(500);
            ProcessUsage now = server.Usage;
            bool isQuiet = now.CpuMs - last.CpuMs <= 30;
            last = now;
            return isQuiet;
        });
    }
}
