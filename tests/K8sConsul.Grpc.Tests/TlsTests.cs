using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace K8sConsul.Grpc.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _server = Certificate("server.dc1.consul");
    private readonly X509Certificate2 _client = Certificate("client.dc1.consul");

    [Fact]
    public async Task Both_sides_prove_themselves_and_the_handler_sees_the_client()
    {
        string? seen = null;
        await using GrpcHost host = await Echo.StartAsync(
            new GrpcMethodTable().Unary(Echo.Unary, (request, context) =>
            {
                seen = context.ClientCertificate?.Subject;
                return ValueTask.FromResult(request);
            }),
            new GrpcServerOptions { Tls = () => ServerOptions(accepted: _client) });
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Tls = () => ClientOptions(accepted: _server, own: _client) });
        Assert.Equal("secret", (await channel.UnaryAsync(Echo.Unary, Echo.Text("secret"))).Value);
        Assert.Equal("CN=client.dc1.consul", seen);
    }

    [Fact]
    public async Task A_stream_works_over_TLS()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { Tls = () => ServerOptions(accepted: null) });
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Tls = () => ClientOptions(accepted: _server, own: null) });
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        byte[] big = RandomNumberGenerator.GetBytes(300_000);
        await call.Requests.WriteAsync(big);
        Assert.Equal(big, (await call.Responses.ReadAsync()).Message.ToArray());
    }

    [Fact]
    public async Task An_unknown_server_is_refused_with_Gos_words()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { Tls = () => ServerOptions(accepted: null) });
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Tls = () => new SslClientAuthenticationOptions { TargetHost = "server.dc1.consul" } });
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: x509: certificate signed by unknown authority\"",
            e.Message);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_with_Gos_words()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { Tls = () => ServerOptions(accepted: null) });
        using GrpcChannel byName = Echo.Channel(host, new GrpcChannelOptions { Tls = () => new SslClientAuthenticationOptions { TargetHost = "other.dc1.consul" } });
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await byName.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.EndsWith("x509: certificate is valid for server.dc1.consul, not other.dc1.consul\"", e.Message);
        using GrpcChannel byAddress = Echo.Channel(host, new GrpcChannelOptions { Tls = () => new SslClientAuthenticationOptions() });
        e = await Assert.ThrowsAsync<GrpcException>(async () => await byAddress.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.EndsWith("x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs\"", e.Message);
    }

    [Fact]
    public async Task A_client_without_the_wanted_certificate_gets_nothing()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { Tls = () => ServerOptions(accepted: _client) });
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Tls = () => ClientOptions(accepted: _server, own: null) });
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(GrpcStatusCode.Unavailable, e.Status.Code);
    }

    [Fact]
    public async Task TLS_to_a_plain_server_reads_as_in_Go()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Tls = () => ClientOptions(accepted: _server, own: null) });
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: authentication handshake failed: tls: first record does not look like a TLS handshake\"",
            e.Message);
    }

    [Fact]
    public async Task Plain_HTTP2_to_a_TLS_server_is_unavailable()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { Tls = () => ServerOptions(accepted: null) });
        using GrpcChannel channel = Echo.Channel(host);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal("rpc error: code = Unavailable desc = connection closed", e.Message);
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private static SslClientAuthenticationOptions ClientOptions(X509Certificate2 accepted, X509Certificate2? own) => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.GetCertHashString() == accepted.GetCertHashString(),
        ClientCertificates = own is null ? null : [own],
    };

    private SslServerAuthenticationOptions ServerOptions(X509Certificate2? accepted) => new()
    {
        ServerCertificate = _server,
        ClientCertificateRequired = accepted is not null,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => accepted is null || certificate?.GetCertHashString() == accepted.GetCertHashString(),
    };

    private static X509Certificate2 Certificate(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }
}
