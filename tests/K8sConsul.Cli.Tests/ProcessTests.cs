using System.Diagnostics;
using System.Text;
using K8sConsul.Cli.Tests.Transcripts;

namespace K8sConsul.Cli.Tests;

/// <summary>The program as a process: its entry, its descriptors, and the quick way of <c>kv get</c>.</summary>
public sealed class ProcessTests
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "consul");

    [Fact]
    public async Task A_value_is_read_the_quick_way_and_a_missing_one_explained_the_long_way()
    {
        int asked = 0;
        await using var agent = new HttpPeer(request =>
        {
            asked++;
            return Task.FromResult(request.Target == "/v1/kv/k?raw=" ? new PeerAnswer(200, [], [0, 255, 10]) : new PeerAnswer(404, [], []));
        });
        Assert.Equal((0, "AP8KCg==", ""), await RunAsync(agent.Address, "kv get k"));
        Assert.Equal(1, asked);
        Assert.Equal((1, "", "Error! No key exists at: nope\n"), await RunAsync(agent.Address, "kv get nope"));
    }

    [Fact]
    public async Task Outputs_of_several_runs_into_one_file_follow_each_other()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [], "v"u8.ToArray())));
        string file = Path.GetTempFileName();
        try
        {
            string command = $"({Program} kv get k; {Program} version -format=zz; echo shell; {Program} kv get -base64 k) > {file} 2>&1";
            await RunAsync(agent.Address, command, "/bin/sh");
            Assert.Equal("v\nUnknown format: zz\nshell\ndg==\n", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_closed_output_ends_the_program_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        (int code, string output, string error) = await RunAsync("127.0.0.1:1", $"({Program} -h; echo $? >&2) | true", "/bin/sh");
        Assert.Equal(0, code);
        Assert.Equal(string.Empty, output);
        Assert.True(error is "0\n" or "1\n", error);
    }

    [Fact]
    public async Task Input_is_read_when_asked_for()
    {
        byte[] sent = [];
        await using var agent = new HttpPeer(request =>
        {
            sent = request.Body;
            return Task.FromResult(new PeerAnswer(200, [], "true"u8.ToArray()));
        });
        Assert.Equal(0, (await RunAsync(agent.Address, $"printf 'a\\000b' | {Program} kv put k -", "/bin/sh")).Code);
        Assert.Equal("a\0b", Encoding.UTF8.GetString(sent));
    }

    [Fact]
    public async Task Called_by_the_name_of_consul_template_the_program_is_that_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string folder = Directory.CreateTempSubdirectory("k8sconsul-name-").FullName;
        try
        {
            string link = Path.Combine(folder, "consul-template");
            File.CreateSymbolicLink(link, Program);
            (int code, string output, string error) = await RunAsync("127.0.0.1:1", $"{link} -v && PATH={folder}:$PATH consul-template -h && {link} kv get k", "/bin/sh");
            Assert.Equal((13, "cli: extra args: [\"kv\" \"get\" \"k\"]\n"), (code, error));
            Assert.StartsWith("consul-template v", output, StringComparison.Ordinal);
            Assert.Contains("\nUsage: consul-template [options]\n", output, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, "a"), "{{ 1 | add 2 }}");
            Assert.Equal((0, "> \n3", ""), await RunAsync("127.0.0.1:1", $"{link} -once -dry -template {folder}/a", "/bin/sh"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Output in base64, for it may be no text; of a shell's as it is.</summary>
    private static async Task<(int Code, string Output, string Error)> RunAsync(string address, string command, string? shell = null)
    {
        var start = new ProcessStartInfo(shell ?? Program, shell is null ? command.Split(' ') : ["-c", command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CONSUL_HTTP_ADDR"] = address;
        using Process process = Process.Start(start)!;
        using var output = new MemoryStream();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        byte[] bytes = output.ToArray();
        return (process.ExitCode, shell is null ? Convert.ToBase64String(bytes) : Encoding.UTF8.GetString(bytes), await error);
    }
}
