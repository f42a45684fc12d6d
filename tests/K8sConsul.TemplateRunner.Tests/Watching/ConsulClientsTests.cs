using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Watching;

namespace K8sConsul.TemplateRunner.Tests.Watching;

public sealed class ConsulClientsTests
{
    [Fact]
    public void Everything_that_is_configured_reaches_the_client()
    {
        ConsulClientOptions options = ConsulClients.ToOptions(new ConsulConfig
        {
            Address = "h:1",
            Namespace = "n",
            Token = new Secret("t"),
            TokenFile = "/t",
            Auth = new Secret("u:p"),
            Ssl = new SslConfig { Enabled = true, Verify = false, Cert = "c", CaCert = "a", CaCertBytes = "b", CaPath = "p", ServerName = "s" },
            Transport = new TransportConfig { MaxConnsPerHost = 7, DisableKeepAlives = true },
        });
        Assert.Equal(
            new ConsulClientOptions
            {
                Address = "h:1",
                Namespace = "n",
                Token = "t",
                TokenFile = "/t",
                BasicAuth = "u:p",
                UseTls = true,
                SkipTlsVerification = true,
                ClientCertFile = "c",
                ClientKeyFile = "c",
                CaFile = "a",
                CaPem = "b",
                CaPath = "p",
                TlsServerName = "s",
                ConnectTimeout = TimeSpan.FromSeconds(40),
                IdleConnectionTimeout = TimeSpan.FromSeconds(5),
                ConnectionsMax = 7,
                CloseAfterRequest = true,
            },
            options);
    }

    [Fact]
    public void TLS_that_is_off_leaves_its_files_unread()
    {
        ConsulClientOptions options = ConsulClients.ToOptions(new ConsulConfig { Ssl = new SslConfig { Enabled = false, CaCert = "/no/such" } });
        Assert.Equal((ConsulClientOptions.DefaultAddress, false, ""), (options.Address, options.UseTls, options.CaFile));
    }

    [Fact]
    public void Authorities_may_be_given_as_text()
    {
        Assert.Null(ConsulClients.TryCreate(new ConsulConfig { Ssl = new SslConfig { Enabled = true, CaCertBytes = "nonsense" } }, out string error));
        Assert.Equal("Error loading CA PEM: Couldn't parse PEM in: the given text", error);
    }
}
