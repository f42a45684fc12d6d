using K8sConsul.Contracts.Client;

namespace K8sConsul.Contracts.Tests.Client;

/// <summary>Files that the options name: read when the client is made, refused in Consul's words.</summary>
public sealed class ClientFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Files_that_are_not_there_are_refused()
    {
        string missing = Path.Combine(_folder, "missing");
        AssertRefused(new ConsulClientOptions { CaFile = missing }, $"Error loading CA File: open {missing}: no such file or directory");
        AssertRefused(new ConsulClientOptions { CaPath = missing }, $"lstat {missing}: no such file or directory");
        AssertRefused(new ConsulClientOptions { ClientCertFile = missing }, "both client cert and client key must be provided");
        AssertRefused(new ConsulClientOptions { ClientKeyFile = missing }, "both client cert and client key must be provided");
        AssertRefused(new ConsulClientOptions { ClientCertFile = missing, ClientKeyFile = missing }, $"open {missing}: no such file or directory");
        AssertRefused(new ConsulClientOptions { TokenFile = missing }, $"Error loading token file: open {missing}: no such file or directory");
        AssertRefused(new ConsulClientOptions { TokenFile = _folder }, $"Error loading token file: read {_folder}: is a directory");
    }

    [Fact]
    public void Files_that_are_no_PEM_are_refused()
    {
        string file = Path.Combine(_folder, "a.pem");
        File.WriteAllText(file, "x");
        AssertRefused(new ConsulClientOptions { CaFile = file }, $"Error loading CA File: Couldn't parse PEM in: {file}");
        AssertRefused(new ConsulClientOptions { CaPath = _folder }, $"Error loading CA Path: Couldn't parse PEM in: {file}");
        AssertRefused(new ConsulClientOptions { ClientCertFile = file, ClientKeyFile = file }, "tls: failed to find any PEM data in certificate input");
    }

    [Theory]
    [InlineData("from-file\n", "from-file")]
    [InlineData("  \n", "from-option")]
    public async Task A_token_file_goes_before_the_token_unless_it_is_blank(string content, string sent)
    {
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, content);
        await using ScriptedServer server = ScriptedServer.Of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        using ConsulClient client = ConsulClient.TryCreate(
            new ConsulClientOptions { Address = server.Address, Token = "from-option", TokenFile = file }, out _)!;
        await client.SendAsync(Api.KvApi.Get("a"), CancellationToken.None);
        Assert.Contains($"\r\nX-Consul-Token: {sent}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    private static void AssertRefused(ConsulClientOptions options, string expected)
    {
        Assert.Null(ConsulClient.TryCreate(options, out string error));
        Assert.Equal(expected, error);
    }
}
