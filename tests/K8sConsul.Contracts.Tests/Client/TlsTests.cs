using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Contracts.Tests.Client;

public sealed class TlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<string?> _names = [];
    private X509Certificate2 _certificate = null!;
    private Task _serving = Task.CompletedTask;

    private string Address => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    private string CaFile => Path.Combine(_folder, "ca.pem");

    public ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server.dc1.consul", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("server.dc1.consul");
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CaFile, _certificate.ExportCertificatePem());
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _certificate.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_certificate_of_an_unknown_authority_is_refused()
    {
        Assert.EndsWith(": x509: certificate signed by unknown authority", Failure(new ConsulClientOptions { Address = Address }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_the_given_authority_is_accepted()
    {
        Assert.Equal("value", Value(new ConsulClientOptions { Address = Address, CaFile = CaFile }));
        Assert.Equal("value", Value(new ConsulClientOptions { Address = Address, CaPath = _folder }));
        Assert.Equal("value", Value(new ConsulClientOptions { Address = Address["https://".Length..], UseTls = true, CaFile = CaFile }));
    }

    [Fact]
    public void A_server_name_is_sent_and_looked_for()
    {
        var options = new ConsulClientOptions { Address = Address, CaFile = CaFile, TlsServerName = "server.dc1.consul" };
        Assert.Equal("value", Value(options));
        Assert.Contains("server.dc1.consul", _names);
        Assert.EndsWith(
            ": x509: certificate is valid for server.dc1.consul, localhost, not foo.bar",
            Failure(options with { TlsServerName = "foo.bar" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Verification_can_be_switched_off()
    {
        Assert.Equal("value", Value(new ConsulClientOptions { Address = Address, SkipTlsVerification = true, TlsServerName = "foo.bar" }));
    }

    [Fact]
    public async Task A_plain_server_is_told_from_a_TLS_one()
    {
        ConsulException failure = await AskPlainServerAsync();
        Assert.EndsWith(": http: server gave HTTP response to HTTPS client", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<ConsulException> AskPlainServerAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task serving = Task.Run(async () =>
        {
            using Socket peer = await listener.AcceptAsync();
            byte[] hello = new byte[16 * 1024];
            await peer.ReceiveAsync(hello);
            await peer.SendAsync("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server."u8.ToArray());
            peer.Shutdown(SocketShutdown.Send);
        });
        using ConsulClient client = ConsulClient.TryCreate(
            new ConsulClientOptions { Address = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}" }, out _)!;
        ConsulException failure = Assert.Throws<ConsulException>(() => client.Send(KvApi.Get("foo")));
        await serving;
        return failure;
    }

    private static string Value(ConsulClientOptions options)
    {
        using ConsulClient client = ConsulClient.TryCreate(options, out string error)!;
        Assert.Equal(string.Empty, error);
        return System.Text.Encoding.UTF8.GetString(client.Send(KvApi.GetRaw("foo")).Value!);
    }

    private static string Failure(ConsulClientOptions options)
    {
        using ConsulClient client = ConsulClient.TryCreate(options, out _)!;
        return Assert.Throws<ConsulException>(() => client.Send(KvApi.GetRaw("foo"))).Message;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket peer = await _listener.AcceptAsync(_stop.Token);
                await AnswerAsync(peer);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket peer)
    {
        try
        {
            await using var stream = new SslStream(new NetworkStream(peer));
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, name) =>
                {
                    _names.Add(name);
                    return _certificate;
                },
            };
            await stream.AuthenticateAsServerAsync(options, _stop.Token);
            byte[] request = new byte[4096];
            Assert.NotEqual(0, await stream.ReadAtLeastAsync(request, 1, throwOnEndOfStream: true, _stop.Token));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nvalue"u8.ToArray(), _stop.Token);
            await stream.ShutdownAsync();
        }
        catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has refused us, which is what it was asked to do.
        }
    }
}
