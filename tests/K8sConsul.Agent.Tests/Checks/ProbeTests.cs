using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>Each probe against targets of every kind. The texts were printed by Consul 1.8.7 (RealPeerCheckTests keeps them honest).</summary>
public sealed class ProbeTests
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData("200", CheckStatus.Passing, "HTTP GET {url}: 200 OK Output: fine")]
    [InlineData("204", CheckStatus.Passing, "HTTP GET {url}: 204 No Content Output: ")]
    [InlineData("429", CheckStatus.Warning, "HTTP GET {url}: 429 Too Many Requests Output: slow down")]
    [InlineData("404", CheckStatus.Critical, "HTTP GET {url}: 404 Not Found Output: nope")]
    [InlineData("redirect", CheckStatus.Passing, "HTTP GET {url}: 200 OK Output: fine")]
    [InlineData("loop", CheckStatus.Critical, "Get \"/loop\": stopped after 10 redirects")]
    [InlineData("noreason", CheckStatus.Passing, "HTTP GET {url}: 200 Output: ")]
    [InlineData("short", CheckStatus.Passing, "HTTP GET {url}: 200 OK Output: abc")]
    [InlineData("slowbody", CheckStatus.Passing, "HTTP GET {url}: 200 OK Output: abc")]
    [InlineData("slow", CheckStatus.Critical, "Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)")]
    public async Task An_HTTP_check_reads_the_answer_as_Consul_does(string path, CheckStatus status, string output)
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        using HttpProbe probe = new(ProbeTls.System, TimeProvider.System);
        string url = $"http://{targets.Http}/{path}";
        CheckResult result = await probe.RunAsync(new CheckDefinition { Http = url, Timeout = path.StartsWith("slow", StringComparison.Ordinal) ? Half : default }, 4096, default);
        Assert.Equal(new CheckResult(status, output.Replace("{url}", url, StringComparison.Ordinal)), result);
    }

    [Fact]
    public async Task An_HTTP_check_that_shall_not_follow_redirects_is_critical_on_them()
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        using HttpProbe probe = new(ProbeTls.System, TimeProvider.System);
        string url = $"http://{targets.Http}/redirect";
        CheckResult result = await probe.RunAsync(new CheckDefinition { Http = url, DisableRedirects = true }, 4096, default);
        Assert.Equal(CheckResult.Critical($"HTTP GET {url}: 302 Found Output: "), result);
    }

    [Fact]
    public async Task Each_HTTP_check_makes_its_own_connection()
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        using HttpProbe probe = new(ProbeTls.System, TimeProvider.System);
        for (int i = 0; i < 3; i++)
        {
            await probe.RunAsync(new CheckDefinition { Http = $"http://{targets.Http}/200" }, 4096, default);
        }

        Assert.All(targets.Requests, static r => Assert.Contains("Connection: close", r, StringComparison.Ordinal));
        Assert.Equal(3, targets.Requests.Count);
    }

    [Fact]
    public async Task TCP_checks_tell_success_refusal_and_time_out()
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        TcpProbe probe = new(ProbeTls.System, TimeProvider.System);
        Assert.Equal(CheckResult.Passing($"TCP connect {targets.Silent}: Success"), await probe.RunAsync(new CheckDefinition { Tcp = targets.Silent }, 1, default));
        Assert.Equal(
            CheckResult.Critical($"dial tcp {targets.Refusing}: connect: connection refused"), await probe.RunAsync(new CheckDefinition { Tcp = targets.Refusing }, 1, default));
        using Socket full = await FullBacklogAsync();
        string address = full.LocalEndPoint!.ToString()!;
        Assert.Equal(CheckResult.Critical($"dial tcp {address}: i/o timeout"), await probe.RunAsync(new CheckDefinition { Tcp = address, Timeout = Half }, 1, default));
    }

    [Fact]
    public async Task UDP_checks_pass_unless_the_kernel_refuses()
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        UdpProbe probe = new(TimeProvider.System);
        string address = silent.LocalEndPoint!.ToString()!;
        Assert.Equal(CheckResult.Passing($"UDP connect {address}: Success"), await probe.RunAsync(new CheckDefinition { Udp = address, Timeout = TimeSpan.FromMilliseconds(100) }, 1, default));
        Task<CheckResult> answered = probe.RunAsync(new CheckDefinition { Udp = address, Timeout = TimeSpan.FromSeconds(30) }, 1, default);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        SocketReceiveFromResult request = await silent.ReceiveFromAsync(new byte[100], SocketFlags.None, from);
        request = await silent.ReceiveFromAsync(new byte[100], SocketFlags.None, from);
        await silent.SendToAsync("pong"u8.ToArray(), request.RemoteEndPoint);
        Assert.Equal(CheckStatus.Passing, (await answered.WaitAsync(TimeSpan.FromSeconds(20))).Status);
        silent.Dispose();
        CheckResult refused = await probe.RunAsync(new CheckDefinition { Udp = address, Timeout = TimeSpan.FromSeconds(5) }, 1, default);
        Assert.Equal(CheckStatus.Critical, refused.Status);
        Assert.EndsWith($"->{address}: read: connection refused", refused.Output);
    }

    [Theory]
    [InlineData("", CheckStatus.Passing, "gRPC check {target}: success")]
    [InlineData("/down", CheckStatus.Critical, "gRPC application didn't report service healthy")]
    [InlineData("/nope", CheckStatus.Critical, "rpc error: code = NotFound desc = unknown service")]
    public async Task A_gRPC_check_asks_the_health_service(string service, CheckStatus status, string output)
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        CheckResult result = await new GrpcProbe(ProbeTls.System, TimeProvider.System).RunAsync(new CheckDefinition { Grpc = targets.Grpc + service }, 1, default);
        Assert.Equal(new CheckResult(status, output.Replace("{target}", targets.Grpc + service, StringComparison.Ordinal)), result);
    }

    [Fact]
    public async Task An_HTTP2_ping_passes_where_HTTP2_is_spoken()
    {
        await using CheckTargets targets = await CheckTargets.StartAsync();
        H2PingProbe probe = new(ProbeTls.System, TimeProvider.System);
        Assert.Equal(CheckResult.Passing("HTTP2 ping was successful"), await Ping(targets.Grpc));
        Assert.Equal(CheckStatus.Critical, (await Ping(targets.Garbage)).Status);
        Assert.Equal(CheckStatus.Critical, (await Ping(targets.Closing)).Status);
        Assert.Equal(CheckResult.Critical("HTTP2 ping failed: context deadline exceeded"), await Ping(targets.Silent));
        Assert.Equal(CheckResult.Critical($"Failed to dial to {targets.Refusing}: dial tcp {targets.Refusing}: connect: connection refused"), await Ping(targets.Refusing));
        Task<CheckResult> Ping(string target) => probe.RunAsync(new CheckDefinition { H2Ping = target, H2PingUseTls = false, Timeout = Half }, 1, default);
    }

    [Theory]
    [InlineData("echo out; echo err >&2", CheckStatus.Passing, "out\nerr\n")]
    [InlineData("echo w; exit 1", CheckStatus.Warning, "w\n")]
    [InlineData("exit 2", CheckStatus.Critical, "")]
    [InlineData("kill -9 $$", CheckStatus.Critical, "")]
    [InlineData("printf abcdefghijkl", CheckStatus.Passing, "Captured 10 of 12 bytes\n...\ncdefghijkl")]
    [InlineData("(sleep 0.2; echo late) & echo now", CheckStatus.Passing, "now\nlate\n")]
    [InlineData("exec >&- 2>&-; sleep 0.2; exit 1", CheckStatus.Warning, "")]
    public async Task A_script_is_judged_by_its_exit_code(string script, CheckStatus status, string output)
    {
        CheckResult result = await new ScriptProbe(TimeProvider.System).RunAsync(new CheckDefinition { ScriptArgs = ["/bin/sh", "-c", script] }, 10, default);
        Assert.Equal(new CheckResult(status, output), result);
    }

    [Fact]
    public async Task A_script_that_takes_too_long_is_killed_with_its_children()
    {
        string mark = $"987{Environment.ProcessId}.5";
        CheckResult result = await new ScriptProbe(TimeProvider.System).RunAsync(
            new CheckDefinition { ScriptArgs = ["/bin/sh", "-c", $"sleep {mark} & echo started; sleep {mark}"], Timeout = Half }, 4096, default);
        Assert.Equal(CheckResult.Critical("Timed out (500ms) running check\n\nstarted\n"), result);

        // Killed; the kernel may still be taking them down.
        await UntilAsync("the children of the script are gone", () => !IsRunning(mark));
    }

    private static bool IsRunning(string mark) => CommandLines().Any(line => line.Contains(mark, StringComparison.Ordinal));

    /// <summary>Other processes tell nobody that they began or ended, so they are looked at again and again.</summary>
    private static async Task UntilAsync(string what, Func<bool> isTrue)
    {
        for (var watch = Stopwatch.StartNew(); !isTrue();)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "not within 30 s: " + what);
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task A_child_that_left_the_group_does_not_hold_the_check_for_ever()
    {
        CheckResult result = await new ScriptProbe(TimeProvider.System).RunAsync(
            new CheckDefinition { ScriptArgs = ["/bin/sh", "-c", "setsid sleep 5 & sleep 30"], Timeout = Half }, 4096, default).WaitAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(CheckResult.Critical("Timed out (500ms) running check"), result);
    }

    [Fact]
    public async Task Stopping_a_script_kills_it()
    {
        using CancellationTokenSource stop = new();
        string mark = $"986{Environment.ProcessId}.5";
        Task<CheckResult> run = new ScriptProbe(TimeProvider.System).RunAsync(new CheckDefinition { ScriptArgs = ["/bin/sleep", mark] }, 4096, stop.Token);
        await UntilAsync("the script runs", () => IsRunning(mark));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        await UntilAsync("the script is gone", () => !IsRunning(mark));
    }

    [Fact]
    public async Task Waiting_scripts_hold_no_threads()
    {
        ScriptProbe probe = new(TimeProvider.System);
        Task<CheckResult>[] runs = [.. Enumerable.Range(0, 60).Select(_ => probe.RunAsync(new CheckDefinition { ScriptArgs = ["/bin/sleep", "1"] }, 4096, default))];
        int threads = ThreadPool.ThreadCount;
        CheckResult[] results = await Task.WhenAll(runs);
        Assert.All(results, static r => Assert.Equal(CheckResult.Passing(""), r));
        Assert.True(Math.Max(threads, ThreadPool.ThreadCount) < 55, $"{threads} and {ThreadPool.ThreadCount} threads for 60 sleeping scripts");
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc").Where(static d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(directory, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile.
                continue;
            }

            yield return line;
        }
    }

    /// <summary>A listener that accepts nobody and whose queue is full, so that the kernel drops further SYNs.</summary>
    private static async Task<Socket> FullBacklogAsync()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        for (int i = 0; i < 20; i++)
        {
            Socket filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using CancellationTokenSource limit = new(300);
            try
            {
                await filler.ConnectAsync(listener.LocalEndPoint!, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return listener;
            }
        }

        Assert.Skip("this kernel does not drop connections to a full queue");
        return listener;
    }
}
