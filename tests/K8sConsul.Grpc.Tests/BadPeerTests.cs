using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace K8sConsul.Grpc.Tests;

/// <summary>Peers that speak HTTP/2 and break the rules above it.</summary>
public sealed class BadPeerTests
{
    public static TheoryData<string, byte[], string> BadAnswers => new()
    {
        { "no status", [0, 0, 0, 0, 0], "rpc error: code = Internal desc = server closed the stream without sending trailers" },
        { "torn frame", [0, 0, 0, 0, 5, 1, 2], "rpc error: code = Internal desc = unexpected EOF" },
        { "torn header", [0, 0], "rpc error: code = Internal desc = unexpected EOF" },
        { "compressed", [1, 0, 0, 0, 0], "rpc error: code = Unimplemented desc = grpc: Decompressor is not installed for grpc-encoding" },
        { "huge", [0, 255, 255, 255, 255], "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (4294967295 vs. 4194304)" },
        { "nothing", [], "rpc error: code = Internal desc = server closed the stream without sending trailers" },
        { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "rpc error: code = Internal desc = cardinality violation: expected <EOF> for non server-streaming RPCs, but received another message" },
        { "no such message", [0, 0, 0, 0, 1, 0xff], "rpc error: code = Internal desc = grpc: failed to unmarshal the received message" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_broken_answer_is_a_status_and_not_a_hang(string name, byte[] body, string text)
    {
        using RawServer server = await RawServer.StartAsync(async features =>
        {
            features.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = "application/grpc";
            await features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body);
        });
        using GrpcChannel channel = new("127.0.0.1", server.Port);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(
            async () => await Within.Limit(channel.UnaryAsync(Echo.Unary, Echo.Text("")).AsTask(), $"answer \"{name}\" ends the call"));
        Assert.StartsWith(text, e.Message);
    }

    [Theory]
    [InlineData(404, "text/plain", "rpc error: code = Unimplemented desc = Not Found: HTTP status code 404; transport: received the unexpected content-type \"text/plain\"")]
    [InlineData(503, "application/grpc", "rpc error: code = Unavailable desc = Service Unavailable: HTTP status code 503; transport: received the unexpected content-type \"application/grpc\"")]
    [InlineData(200, "application/grpcx", "rpc error: code = Unknown desc = OK: HTTP status code 200; transport: received the unexpected content-type \"application/grpcx\"")]
    [InlineData(200, "", "rpc error: code = Unknown desc = OK: HTTP status code 200; transport: missing content-type field")]
    public async Task An_answer_that_is_not_gRPC_is_named_as_such(int status, string contentType, string text)
    {
        using RawServer server = await RawServer.StartAsync(features =>
        {
            IHttpResponseFeature response = features.GetRequiredFeature<IHttpResponseFeature>();
            response.StatusCode = status;
            if (contentType.Length > 0)
            {
                response.Headers.ContentType = contentType;
            }

            return Task.CompletedTask;
        });
        using GrpcChannel channel = new("127.0.0.1", server.Port);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(text, e.Message);
    }

    [Theory]
    [InlineData(0x7, GrpcStatusCode.Unavailable, "REFUSED_STREAM")]
    [InlineData(0x8, GrpcStatusCode.Canceled, "CANCEL")]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted, "ENHANCE_YOUR_CALM")]
    [InlineData(0x2, GrpcStatusCode.Internal, "INTERNAL_ERROR")]
    public async Task A_reset_stream_has_the_status_of_the_specification(int errorCode, GrpcStatusCode code, string name)
    {
        using RawServer server = await RawServer.StartAsync(async features =>
        {
            features.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = "application/grpc";
            await features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();
            features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
        });
        using GrpcChannel channel = new("127.0.0.1", server.Port);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(code, e.Status.Code);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { }, "13", "client closed the stream without sending a request message")]
    [InlineData(new byte[] { 0, 0, 0 }, "13", "unexpected EOF")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13", "unexpected EOF")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "12", "grpc: Decompressor is not installed for grpc-encoding")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "13", "client sent more than one request message to a method that takes one")]
    [InlineData(new byte[] { 0, 0x7f, 0, 0, 0 }, "8", "grpc: received message larger than max (2130706432 vs. 4194304)")]
    public async Task A_broken_request_gets_a_status(byte[] body, string status, string message)
    {
        await using GrpcHost host = await Echo.StartAsync();
        using HttpResponseMessage response = await PostAsync(host, "/test.Echo/Unary", body, "application/grpc", timeout: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(status, response.Headers.GetValues("grpc-status").Single());
        Assert.Equal(message, response.Headers.GetValues("grpc-message").Single());
    }

    [Theory]
    [InlineData("/test.Echo/Unary", "text/plain", null, HttpStatusCode.UnsupportedMediaType, null)]
    [InlineData("/test.Echo/Unary", "application/grpc+proto", null, HttpStatusCode.OK, null)]
    [InlineData("/test.Echo/Unary", "application/grpc", "1x", HttpStatusCode.OK, "malformed time-out: \"1x\"")]
    [InlineData("/nonsense", "application/grpc", null, HttpStatusCode.OK, "malformed method name: \"/nonsense\"")]
    public async Task What_is_no_gRPC_request_is_refused(string path, string contentType, string? timeout, HttpStatusCode status, string? message)
    {
        await using GrpcHost host = await Echo.StartAsync();
        using HttpResponseMessage response = await PostAsync(host, path, [0, 0, 0, 0, 0], contentType, timeout);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(message, response.Headers.TryGetValues("grpc-message", out IEnumerable<string>? values) ? values.Single() : null);
    }

    [Fact]
    public async Task Random_requests_never_break_the_server()
    {
        await using GrpcHost host = await Echo.StartAsync();
        Random random = new(31);
        for (int i = 0; i < 300; i++)
        {
            byte[] body = new byte[random.Next(0, 64)];
            random.NextBytes(body);
            if (body.Length > 5 && i % 2 == 0)
            {
                body[0] = body[1] = body[2] = body[3] = 0;
                body[4] = (byte)random.Next(0, 70);
            }

            using HttpResponseMessage response = await PostAsync(host, "/test.Echo/Unary", body, "application/grpc", timeout: null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Headers.Contains("grpc-status") || response.TrailingHeaders.Contains("grpc-status"), Convert.ToHexString(body));
        }

        using GrpcChannel channel = Echo.Channel(host);
        Assert.Equal("well", (await channel.UnaryAsync(Echo.Unary, Echo.Text("well"))).Value);
    }

    private static async Task<HttpResponseMessage> PostAsync(GrpcHost host, string path, byte[] body, string contentType, string? timeout)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://127.0.0.1:{host.EndPoint.Port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        if (timeout is not null)
        {
            request.Headers.Add("grpc-timeout", timeout);
        }

        return await client.SendAsync(request);
    }

    /// <summary>HTTP/2 with an answer made by hand.</summary>
    private sealed class RawServer(KestrelServer server, int port) : IHttpApplication<IFeatureCollection>, IDisposable
    {
        private Func<IFeatureCollection, Task> _answer = static _ => Task.CompletedTask;

        public int Port => port;

        public static async Task<RawServer> StartAsync(Func<IFeatureCollection, Task> answer)
        {
            KestrelServerOptions options = new();
            ListenOptions? bound = null;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                bound = listen;
            });
            KestrelServer server = new(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
            RawServer application = new(server, 0) { _answer = answer };
            await server.StartAsync(application, default);
            return new RawServer(server, bound!.IPEndPoint!.Port);
        }

        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => _answer(context);

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }

        public void Dispose() => server.Dispose();
    }
}
