using System.Net;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server;
using K8sConsul.Server.Api;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Conformance.Tests;

/// <summary>A client's HTTP edge knows the cluster's endpoints from a list of its own; it must be the servers' list.</summary>
public sealed class ClusterRoutesTests
{
    [Fact]
    public async Task A_client_lists_the_paths_methods_and_limits_that_a_server_serves()
    {
        var address = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new ConsulServerOptions
        {
            NodeName = "n1",
            NodeId = "6cd3c1ce-3b2b-4e2b-8d33-a6a6c3f1d1aa",
            Datacenter = "dc1",
            RpcBind = address,
            RpcAdvertise = address,
            Raft = new RaftHostOptions { Self = new ServerId("6cd3c1ce-3b2b-4e2b-8d33-a6a6c3f1d1aa"), Raft = new RaftOptions() },
        };
        using var metrics = new MetricsRegistry(new MetricsOptions(), TimeProvider.System);
        await using ConsulServer server = await ConsulServer.OpenAsync(
            options,
            new ServerGossip(() => MemberList.Empty, () => [], _ => Task.CompletedTask, (_, _) => Task.CompletedTask),
            _ => { },
            TimeProvider.System,
            NullLoggerFactory.Instance,
            metrics);

        Assert.Equal(
            Describe(server.Router.Routes),
            Describe(ClusterRoutes.ForClients(options.KvValueBytesMax, options.TxnBytesMax)));
    }

    private static IEnumerable<string> Describe(IEnumerable<ApiRoute> routes) => routes
        .Select(route => $"{route.Path} {route.Allow} {route.BodyBytesMax} {route.StreamsBody}")
        .Order(StringComparer.Ordinal);
}
