using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>A little of everything that both programs do.</summary>
internal static partial class Workload
{
    private static readonly string[] Reads =
    [
        "/v1/kv/a", "/v1/kv/a?consistent", "/v1/kv/a?stale", "/v1/kv/a?index=1&wait=1ms", "/v1/health/service/consul", "/v1/health/service/nosuch?tag=x",
        "/v1/catalog/service/consul?tag=x", "/v1/catalog/connect/web", "/v1/health/connect/web", "/v1/catalog/nodes", "/v1/catalog/services",
        "/v1/catalog/datacenters", "/v1/catalog/node/n1", "/v1/catalog/node-services/n1", "/v1/health/node/n1", "/v1/health/checks/web",
        "/v1/health/state/any", "/v1/session/list", "/v1/session/node/n1", "/v1/coordinate/nodes", "/v1/status/leader", "/v1/status/peers",
        "/v1/operator/raft/configuration", "/v1/agent/self", "/v1/agent/members", "/v1/agent/services", "/v1/agent/checks",
        "/v1/agent/health/service/name/web", "/v1/no/such/path",
    ];

    public static async Task RunAsync(HttpClient http, IPEndPoint dns)
    {
        await PutAsync("/v1/kv/a", "hello");
        await PutAsync("/v1/agent/service/register", """{"Name":"web","Port":80}""");
        string session = SessionId().Match(await PutAsync("/v1/session/create", """{"TTL":"10s"}""")).Value;
        await PutAsync("/v1/session/renew/" + session, string.Empty);
        await PutAsync("/v1/kv/lock?acquire=" + session, string.Empty);
        await PutAsync("/v1/txn", """[{"KV":{"Verb":"set","Key":"t","Value":"YQ=="}}]""");
        await PutAsync("/v1/txn", """[{"KV":{"Verb":"get","Key":"t"}}]""");
        await PutAsync("/v1/catalog/register", """{"Node":"ext","Address":"1.2.3.4","Service":{"Service":"s"}}""");
        foreach (string read in Reads)
        {
            using HttpResponseMessage answer = await http.GetAsync(read);
        }

        using (HttpResponseMessage refused = await http.PostAsync("/v1/kv/a", new StringContent(string.Empty)))
        {
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        }

        using HttpResponseMessage deleted = await http.DeleteAsync("/v1/kv/a");
        await PutAsync("/v1/catalog/deregister", """{"Node":"ext"}""");
        await PutAsync("/v1/session/destroy/" + session, string.Empty);
        byte[] archive = await http.GetByteArrayAsync("/v1/snapshot");
        using HttpResponseMessage restored = await http.PutAsync("/v1/snapshot", new ByteArrayContent(archive));
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        await QueryAsync(dns, "web", "service", "consul");
        await QueryAsync(dns, "1", "0", "0", "127", "in-addr", "arpa");

        async Task<string> PutAsync(string path, string body)
        {
            using HttpResponseMessage answer = await http.PutAsync(path, new StringContent(body));
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"PUT {path}: {text}");
            return text;
        }
    }

    private static async Task QueryAsync(IPEndPoint server, params string[] labels)
    {
        byte[] query =
        [
            0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
            .. labels.SelectMany(label => (byte[])[(byte)label.Length, .. System.Text.Encoding.ASCII.GetBytes(label)]),
            0, 0, 255, 0, 1,
        ];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server);
        await socket.SendAsync(query);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Assert.InRange(await socket.ReceiveAsync(new byte[4096], limit.Token), 12, 4096);
    }

    [GeneratedRegex("[0-9a-f-]{36}")]
    private static partial Regex SessionId();
}
