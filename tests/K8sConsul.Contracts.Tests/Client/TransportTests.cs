using System.Text;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Tests.Client;

/// <summary>What both ways of sending must do; <see cref="DirectTransportTests"/> and <see cref="PooledTransportTests"/> are this suite with each.</summary>
public abstract class TransportTests
{
    protected abstract ValueTask<ConsulReply<T>> SendAsync<T>(ConsulClient client, ConsulRequest<T> request);

    protected abstract ValueTask<ConsulStream> OpenAsync(ConsulClient client, ConsulStreamRequest request);

    public static TheoryData<string> Answers =>
    [
        "HTTP/1.1 200 OK\r\nX-Consul-Index: 12\r\nX-Consul-Knownleader: true\r\nX-Consul-Lastcontact: 3\r\nContent-Length: 5\r\n\r\nvalue",
        "HTTP/1.1 200 OK\r\nX-Consul-Index: 12\r\nX-Consul-Knownleader: true\r\nX-Consul-Lastcontact: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nval\r\n2;x=y\r\nue\r\n0\r\nTrailer: t\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Consul-Index: 12\r\nX-Consul-Knownleader: true\r\nX-Consul-Lastcontact: 3\r\nConnection: close\r\n\r\nvalue",
        "HTTP/1.0 200 OK\r\nx-consul-index:12\r\nx-consul-knownleader:true\r\nx-consul-lastcontact:3\r\n\r\nvalue",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Consul-Index: 12\r\nX-Consul-Knownleader: true\r\nX-Consul-Lastcontact: 3\r\nContent-Length: 5\r\n\r\nvalue",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_understood_in_one_piece_and_byte_by_byte(string answer)
    {
        foreach (string[] pieces in new[] { [answer], answer.Select(letter => letter.ToString()).ToArray() })
        {
            await using ScriptedServer server = ScriptedServer.Of(pieces);
            using ConsulClient client = ClientOf(server);
            ConsulReply<byte[]?> reply = await SendAsync(client, KvApi.GetRaw("foo"));
            Assert.Equal("value", Encoding.UTF8.GetString(reply.Value!));
            Assert.Equal(12u, reply.Meta.LastIndex);
            Assert.True(reply.Meta.KnownLeader);
            Assert.Equal(TimeSpan.FromMilliseconds(3), reply.Meta.LastContact);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nvalue")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nval\r\n2\r\nue\r\n0\r\n\r\n")]
    public async Task An_answer_cut_anywhere_is_an_error_and_never_a_shorter_value(string answer)
    {
        for (int length = 0; length < answer.Length; length++)
        {
            await using ScriptedServer server = ScriptedServer.Of(answer[..length]);
            using ConsulClient client = ClientOf(server);
            await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.GetRaw("foo")));
        }
    }

    [Fact]
    public async Task A_server_that_closes_at_once_is_EOF()
    {
        await using ScriptedServer server = ScriptedServer.Of();
        using ConsulClient client = ClientOf(server);
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Get("foo")));
        Assert.Equal($"Get \"http://{server.Address}/v1/kv/foo\": EOF", failure.Message);
        Assert.Equal(0, failure.StatusCode);
    }

    [Fact]
    public async Task Nobody_listening_is_connection_refused()
    {
        using ConsulClient client = ConsulClient.TryCreate(new ConsulClientOptions { Address = "127.0.0.1:1" }, out _)!;
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(
            async () => await SendAsync(client, AgentApi.EnableNodeMaintenance("a b&c")));
        Assert.Equal("Put \"http://127.0.0.1:1/v1/agent/maintenance?enable=true&reason=a+b%26c\": dial tcp 127.0.0.1:1: connect: connection refused", failure.Message);
    }

    [Fact]
    public async Task A_raw_read_fails_in_the_words_of_a_plain_one()
    {
        using ConsulClient client = ConsulClient.TryCreate(new ConsulClientOptions { Address = "127.0.0.1:1" }, out _)!;
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.GetRaw("foo")));
        Assert.Equal("Get \"http://127.0.0.1:1/v1/kv/foo\": dial tcp 127.0.0.1:1: connect: connection refused", failure.Message);
    }

    [Theory]
    [InlineData("127.0.0.1:99999", "dial tcp: address 99999: invalid port")]
    [InlineData("127.0.0.1:abc", "dial tcp: lookup 127.0.0.1:abc: no such host")]
    [InlineData("http://", "http: no Host in request URL")]
    public async Task An_impossible_address_fails_in_Go_s_words(string address, string cause)
    {
        using ConsulClient client = ConsulClient.TryCreate(new ConsulClientOptions { Address = address }, out _)!;
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Get("foo")));
        Assert.EndsWith(cause, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_shown_with_its_path_escaped()
    {
        using ConsulClient client = ConsulClient.TryCreate(new ConsulClientOptions { Address = "unix:///nonexistent.sock" }, out _)!;
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Get("foo")));
        Assert.Equal("Get \"http://%2Fnonexistent.sock/v1/kv/foo\": dial unix /nonexistent.sock: connect: no such file or directory", failure.Message);
    }

    [Fact]
    public async Task A_unix_socket_is_spoken_to()
    {
        string path = Path.Combine(Path.GetTempPath(), $"k8sconsul-{Guid.NewGuid():N}.sock");
        await using var server = new ScriptedServer(_ => ["HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"], path);
        using ConsulClient client = ClientOf(server);
        Assert.True((await SendAsync(client, KvApi.Put("foo", "bar"u8.ToArray()))).Value);
        File.Delete(path);
    }

    [Fact]
    public async Task What_is_no_HTTP_is_an_error()
    {
        await using ScriptedServer server = ScriptedServer.Of("SSH-2.0-OpenSSH_9.9\r\n\r\n");
        using ConsulClient client = ClientOf(server);
        await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Get("foo")));
    }

    [Fact]
    public async Task A_refusal_shows_code_and_body_but_key_value_reads_the_code_alone()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 17\r\n\r\nNo cluster leader");
        using ConsulClient client = ClientOf(server);

        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, CatalogApi.Nodes()));
        Assert.Equal("Unexpected response code: 500 (No cluster leader)", failure.Message);
        Assert.Equal(500, failure.StatusCode);
        Assert.Equal("No cluster leader", failure.Body);

        failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Get("foo")));
        Assert.Equal("Unexpected response code: 500", failure.Message);
    }

    [Fact]
    public async Task JSON_that_is_none_is_an_error()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[{]");
        using ConsulClient client = ClientOf(server);
        await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, CatalogApi.Nodes()));
    }

    [Fact]
    public async Task A_request_carries_what_options_and_query_say()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
        var options = new ConsulClientOptions
        {
            Address = $"http://{server.Address}/behind",
            Token = "t0k3n",
            BasicAuth = "user",
            Datacenter = "dc2",
            Namespace = "ns1",
        };
        using ConsulClient client = ConsulClient.TryCreate(options, out _)!;
        var query = new QueryOptions
        {
            AllowStale = true,
            WaitIndex = 7,
            WaitTime = TimeSpan.FromSeconds(90),
            Near = "_agent",
            Filter = "Node == \"a b\"",
            NodeMeta = [new("k", "v"), new("k2", "v2")],
        };
        await SendAsync(client, CatalogApi.Nodes(query));

        string request = Assert.Single(server.Requests);
        Assert.StartsWith(
            "GET /behind/v1/catalog/nodes?dc=dc2&filter=Node+%3D%3D+%22a+b%22&index=7&near=_agent&node-meta=k%3Av&node-meta=k2%3Av2&ns=ns1&stale=&wait=90000ms HTTP/1.1\r\n",
            request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Consul-Token: t0k3n\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Basic dXNlcjo=\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_s_own_datacenter_goes_before_the_client_s()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
        using ConsulClient client = ConsulClient.TryCreate(new ConsulClientOptions { Address = server.Address, Datacenter = "dc2" }, out _)!;
        await SendAsync(client, CatalogApi.Nodes(new QueryOptions { Datacenter = "dc3" }));
        Assert.StartsWith("GET /v1/catalog/nodes?dc=dc3 HTTP", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_not_tidied_up()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        using ConsulClient client = ClientOf(server);
        Assert.Null((await SendAsync(client, KvApi.Get("a/../b//c%2Fd"))).Value);
        Assert.StartsWith("GET /v1/kv/a/../b//c%252Fd HTTP", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_is_redirected_becomes_a_read_as_in_Go()
    {
        await using var server = new ScriptedServer(request => request.StartsWith("PUT", StringComparison.Ordinal)
            ? ["HTTP/1.1 301 Moved Permanently\r\nLocation: /v1/kv/a/b\r\nContent-Length: 0\r\n\r\n"]
            : ["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]);
        using ConsulClient client = ClientOf(server);
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, KvApi.Put("a//b", "x"u8.ToArray())));
        Assert.Equal("Unexpected response code: 404 ()", failure.Message);
        Assert.StartsWith("GET /v1/kv/a/b HTTP", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://other.example/v1/kv/a")]
    [InlineData("//other.example/v1/kv/a")]
    public async Task A_redirect_to_another_host_is_not_followed_for_the_token_s_sake(string location)
    {
        await using ScriptedServer server = ScriptedServer.Of($"HTTP/1.1 301 Moved Permanently\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        using ConsulClient client = ClientOf(server);
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, CatalogApi.Nodes()));
        Assert.Equal(301, failure.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Redirects_without_end_are_given_up()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 301 Moved Permanently\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
        using ConsulClient client = ClientOf(server);
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await SendAsync(client, CatalogApi.Nodes()));
        Assert.Equal(301, failure.StatusCode);
    }

    [Fact]
    public async Task A_stream_is_read_as_it_comes_and_sent_in_chunks()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 200 OK\r\nX-Consul-Index: 9\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nabcd\r\n", "0\r\n\r\n");
        using ConsulClient client = ClientOf(server);
        using var archive = new MemoryStream(Encoding.ASCII.GetBytes("archive"));
        using ConsulStream answer = await OpenAsync(client, SnapshotApi.Restore(archive));
        using var text = new StreamReader(answer.Body);
        Assert.Equal("abcd", await text.ReadToEndAsync());
        Assert.Equal(9u, answer.Meta.LastIndex);
        string request = Assert.Single(server.Requests);
        Assert.EndsWith("\r\n\r\n7\r\narchive\r\n0\r\n\r\n", request, StringComparison.Ordinal);
        Assert.True(archive.CanRead);
    }

    [Fact]
    public async Task A_stream_that_is_refused_is_an_error_with_its_body()
    {
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad");
        using ConsulClient client = ClientOf(server);
        ConsulException failure = await Assert.ThrowsAsync<ConsulException>(async () => await OpenAsync(client, AgentApi.Monitor("bogus", logJson: false)));
        Assert.Equal("Unexpected response code: 400 (bad)", failure.Message);
        Assert.StartsWith("GET /v1/agent/monitor?loglevel=bogus HTTP", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_value_arrives_whole()
    {
        string value = new('x', 3_000_000);
        await using ScriptedServer server = ScriptedServer.Of($"HTTP/1.1 200 OK\r\nContent-Length: {value.Length}\r\n\r\n", value);
        using ConsulClient client = ClientOf(server);
        Assert.Equal(value.Length, (await SendAsync(client, KvApi.GetRaw("foo"))).Value!.Length);
    }

    [Fact]
    public async Task A_refused_transaction_is_an_answer()
    {
        string body = Encoding.UTF8.GetString(Testfile.Read("txn-refused.json"));
        await using ScriptedServer server = ScriptedServer.Of($"HTTP/1.1 409 Conflict\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using ConsulClient client = ClientOf(server);
        TxnResponse response = (await SendAsync(client, TxnApi.Apply([new TxnOperation { KV = new TxnKvOperation { Verb = "get", Key = "nope" } }]))).Value;
        Assert.Equal("key \"nope\" doesn't exist", Assert.Single(response.Errors!).What);
    }

    private static ConsulClient ClientOf(ScriptedServer server)
    {
        return ConsulClient.TryCreate(new ConsulClientOptions { Address = server.Address }, out _)!;
    }
}

/// <summary>Linux's sockets.</summary>
public sealed class DirectTransportTests : TransportTests
{
    protected override ValueTask<ConsulReply<T>> SendAsync<T>(ConsulClient client, ConsulRequest<T> request)
    {
        return new ValueTask<ConsulReply<T>>(Alone(() => client.Send(request)));
    }

    protected override ValueTask<ConsulStream> OpenAsync(ConsulClient client, ConsulStreamRequest request)
    {
        return new ValueTask<ConsulStream>(Alone(() => client.Open(request)));
    }

    /// <summary>Blocking calls get a thread of their own, for their peer is a task of the pool.</summary>
    private static Task<T> Alone<T>(Func<T> call)
    {
        return Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}

/// <summary>SocketsHttpHandler.</summary>
public sealed class PooledTransportTests : TransportTests
{
    protected override ValueTask<ConsulReply<T>> SendAsync<T>(ConsulClient client, ConsulRequest<T> request)
    {
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    protected override ValueTask<ConsulStream> OpenAsync(ConsulClient client, ConsulStreamRequest request)
    {
        return client.OpenAsync(request, TestContext.Current.CancellationToken);
    }
}
