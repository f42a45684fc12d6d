using System.Net;
using System.Text.RegularExpressions;
using K8sConsul.Agent.Configuration;
using K8sConsul.Addresses;
using K8sConsul.Cli.Commands.Agent;
using K8sConsul.Cli.Tests.GoFlags;

namespace K8sConsul.Cli.Tests.AgentCommands;

public sealed class AgentCommandTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-");
    private readonly ObservedOutput _output = new();
    private readonly ObservedOutput _error = new();
    private readonly FakeAgent _agent = new();
    private readonly FakeSignals _signals = new();
    private readonly ManualTime _time = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("==> data_dir cannot be empty")]
    [InlineData("==> Unexpected extra arguments: [a b]", "-dev", "a", "b")]
    [InlineData("==> Invalid log level: zz. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]", "-dev", "-log-level", "zz")]
    [InlineData("==> config: Open failed on /nope. open /nope: no such file or directory", "-config-file", "/nope")]
    [InlineData("==> config: -config-format must be either 'hcl' or 'json'", "-dev", "-config-format=zz")]
    [InlineData("==> 'bootstrap_expect > 0' not allowed in dev mode", "-dev", "-bootstrap-expect", "3")]
    [InlineData("==> datacenter cannot be \"a.b\". Please use only [a-z0-9-_]", "-dev", "-datacenter", "a.b")]
    [InlineData("==> failed to parse flags-0.hcl: 1 error occurred:\n\t* invalid config key foo\n\n", "-dev", "-hcl", "foo=1")]
    public async Task What_is_wrong_before_the_start_is_told_on_the_error_stream(string expected, params string[] arguments)
    {
        Assert.Equal(1, await Start(arguments));
        Assert.Equal(expected + "\n", _error.Content);
        Assert.Empty(_output.Content);
        Assert.Empty(_agent.Calls);
    }

    [Fact]
    public async Task An_agent_that_cannot_be_made_is_told_before_the_banner()
    {
        _agent.CreateError = "failed to setup node ID: mkdir /proc/x: no such file or directory";
        Assert.Equal(1, await Start("-dev"));
        Assert.Equal("==> failed to setup node ID: mkdir /proc/x: no such file or directory\n", _error.Content);
        Assert.Empty(_output.Content);
    }

    [Fact]
    public async Task The_banner_and_the_log_stand_in_the_order_of_Consul()
    {
        Task<int> run = Start("-dev", "-node", "n1", "-bootstrap");
        await Written("running!");
        _agent.End(AgentEnd.Left);
        Assert.Equal(0, await run);
        Assert.Equal(
            """
            ==> Starting Consul agent...
                       Version: '1.8.7'
                       Node ID: '49f0dab9-7784-f993-4a9a-f20cc001760e'
                     Node name: 'n1'
                    Datacenter: 'dc1' (Segment: '<all>')
                        Server: true (Bootstrap: true)
                   Client Addr: [127.0.0.1] (HTTP: 8500, HTTPS: -1, gRPC: -1, DNS: 8600)
                  Cluster Addr: 127.0.0.1 (LAN: 8301, WAN: 8302)
                       Encrypt: Gossip: false, TLS-Outgoing: false, TLS-Incoming: false, Auto-Encrypt-TLS: false

            ==> Log data will now stream in as it occurs:

                <time> [WARN]  agent: bootstrap = true: do not enable unless necessary
            ==> Consul agent running!
                <time> [INFO]  agent: Exit code: code=0

            """,
            Times(_output.Content));
        Assert.Equal(["start", "shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task With_JSON_the_output_is_nothing_but_lines_of_JSON()
    {
        Task<int> run = Start("-dev", "-log-json");
        _signals.Send(AgentSignal.Terminated);
        Assert.Equal(1, await run);
        Assert.All(
            _output.Content.TrimEnd('\n').Split('\n'),
            line => Assert.StartsWith("    {\"@level\":\"", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Interrupt", "interrupt", false)]
    [InlineData("Terminated", "terminated", false)]
    [InlineData("Interrupt", "interrupt", true, "-hcl", "skip_leave_on_interrupt = false")]
    [InlineData("Terminated", "terminated", true, "-hcl", "leave_on_terminate = true")]
    [InlineData("Interrupt", "interrupt", true, "-hcl", "server = false")]
    [InlineData("Terminated", "terminated", true, "-hcl", "server = false")]
    [InlineData("Interrupt", "interrupt", false, "-hcl", "server = false skip_leave_on_interrupt = true")]
    public async Task A_signal_leaves_only_where_it_should(string name, string shown, bool leaves, params string[] arguments)
    {
        AgentSignal signal = Enum.Parse<AgentSignal>(name);
        Task<int> run = Start(["-dev", .. arguments]);
        await Written("running!");
        _signals.Send(signal);
        Assert.Equal(leaves ? 0 : 1, await run);
        string end = leaves
            ? "    <time> [INFO]  agent: Gracefully shutting down agent...\n    <time> [INFO]  agent: Graceful exit completed\n"
            : "    <time> [INFO]  agent: Graceful shutdown disabled. Exiting\n";
        Assert.EndsWith(
            $"==> Consul agent running!\n    <time> [INFO]  agent: Caught: signal={shown}\n{end}"
            + $"    <time> [INFO]  agent: Exit code: code={(leaves ? 0 : 1)}\n",
            Times(_output.Content),
            StringComparison.Ordinal);
        Assert.Equal(leaves ? ["start", "leave", "shutdown"] : ["start", "shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task A_second_signal_ends_a_leave()
    {
        var leaving = new TaskCompletionSource();
        _agent.OnCall = call => call is "leave" ? leaving.Task : Task.CompletedTask;
        Task<int> run = Start("-dev", "-hcl", "skip_leave_on_interrupt = false");
        await Written("running!");
        _signals.Send(AgentSignal.Interrupt);
        await Written("Gracefully shutting down");
        _signals.Send(AgentSignal.DumpMetrics);
        _signals.Send(AgentSignal.Interrupt);
        Assert.Equal(1, await run);
        Assert.Contains("[INFO]  agent: Caught second signal, Exiting: signal=interrupt\n", _output.Content, StringComparison.Ordinal);
        Assert.Equal("[metrics]\n", _error.Content);
        leaving.SetException(new AgentFailedException("too late"));
    }

    [Fact]
    public async Task A_leave_that_takes_too_long_is_given_up()
    {
        _agent.OnCall = call => call is "leave" ? new TaskCompletionSource().Task : Task.CompletedTask;
        Task<int> run = Start("-dev", "-hcl", "leave_on_terminate = true");
        await Written("running!");
        _signals.Send(AgentSignal.Terminated);
        await _time.Armed(TimeSpan.FromSeconds(15)).WaitAsync(_patience);
        _time.Fire();
        Assert.Equal(1, await run);
        Assert.Contains("[WARN]  agent: Timeout on graceful leave. Exiting\n", _output.Content, StringComparison.Ordinal);
        Assert.Equal(["start", "leave", "shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task A_leave_that_fails_is_told()
    {
        _agent.OnCall = call => call is "leave" ? Task.FromException(new AgentFailedException("no leader")) : Task.CompletedTask;
        Task<int> run = Start("-dev", "-hcl", "leave_on_terminate = true");
        await Written("running!");
        _signals.Send(AgentSignal.Terminated);
        Assert.Equal(1, await run);
        Assert.Contains("[ERROR] agent: Error on leave: error=\"no leader\"\n", _output.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_is_told_in_the_log()
    {
        _agent.OnCall = call => call is "start"
            ? Task.FromException(new AgentFailedException("listen tcp 127.0.0.1:8500: bind: address already in use"))
            : Task.CompletedTask;
        Assert.Equal(1, await Start("-dev"));
        Assert.EndsWith(
            "    <time> [ERROR] agent: Error starting agent: error=\"listen tcp 127.0.0.1:8500: bind: address already in use\"\n"
            + "    <time> [INFO]  agent: Exit code: code=1\n",
            Times(_output.Content),
            StringComparison.Ordinal);
        Assert.Equal(["start", "shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task A_signal_ends_a_start_too()
    {
        var starting = new TaskCompletionSource();
        _agent.OnCall = call => call is "start" ? starting.Task : Task.CompletedTask;
        Task<int> run = Start("-dev");
        _signals.Send(AgentSignal.Interrupt);
        await Written("Caught: signal=interrupt");
        starting.SetResult();
        Assert.Equal(1, await run);
        Assert.DoesNotContain("running!", _output.Content, StringComparison.Ordinal);
        Assert.Equal(["start", "shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task An_agent_that_gives_up_fails()
    {
        Task<int> run = Start("-dev");
        await Written("running!");
        _agent.End(AgentEnd.Failed);
        Assert.Equal(1, await run);
    }

    [Fact]
    public async Task A_reload_reads_the_files_again()
    {
        string file = Path.Combine(_folder.FullName, "r.hcl");
        await File.WriteAllTextAsync(file, "log_level = \"INFO\"");
        Task<int> run = Start("-dev", "-config-file", file);
        await Written("running!");

        await File.WriteAllTextAsync(file, "foo = 1");
        _signals.Send(AgentSignal.Hangup);
        await Written("Reload config failed");
        Assert.Contains(
            $"[ERROR] agent: Reload config failed: error=\"failed to parse {file}: 1 error occurred:\n\t* invalid config key foo\n\n\"\n",
            _output.Content,
            StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, "log_level = \"ERR\" node_meta { a = \"b\" } domain = \"x\"");
        Assert.Null(await _agent.Setup!.RequestReload(CancellationToken.None));
        Assert.Equal("reload NodeMeta, LogLevel", _agent.Calls.Last());

        // The level has changed: nothing is told of the end.
        _agent.End(AgentEnd.Left);
        Assert.Equal(0, await run);
        Assert.DoesNotContain("Exit code", _output.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_that_the_agent_refuses_changes_nothing()
    {
        string file = Path.Combine(_folder.FullName, "r.hcl");
        await File.WriteAllTextAsync(file, "log_level = \"INFO\"");
        _agent.OnCall = call => call.StartsWith("reload", StringComparison.Ordinal)
            ? Task.FromException(new AgentFailedException("Failed reloading services"))
            : Task.CompletedTask;
        Task<int> run = Start("-dev", "-config-file", file);
        await Written("running!");
        await File.WriteAllTextAsync(file, "log_level = \"ERR\"");
        Assert.Equal("Failed reloading services", await _agent.Setup!.RequestReload(CancellationToken.None));
        await File.WriteAllTextAsync(file, "log_level = \"zz\"");
        Assert.StartsWith("Invalid log level: zz.", await _agent.Setup.RequestReload(CancellationToken.None), StringComparison.Ordinal);
        _agent.End(AgentEnd.Left);
        Assert.Equal(0, await run);
        Assert.Contains("Exit code: code=0", _output.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pid_file_lives_as_long_as_the_agent()
    {
        string file = Path.Combine(_folder.FullName, "pid");
        Task<int> run = Start("-dev", "-pid-file", file);
        await Written("running!");
        Assert.Equal(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), await File.ReadAllTextAsync(file));
        _agent.End(AgentEnd.Left);
        Assert.Equal(0, await run);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_pid_file_that_cannot_be_made_ends_the_start()
    {
        Assert.Equal(1, await Start("-dev", "-pid-file", "/nope/x/y"));
        Assert.Contains(
            "[ERROR] agent: Error starting agent: error=\"Could not open pid file: open /nope/x/y: no such file or directory\"\n",
            _output.Content,
            StringComparison.Ordinal);
        Assert.Equal(["shutdown"], _agent.Calls);
    }

    [Fact]
    public async Task Flags_become_settings()
    {
        Task<int> run = Start(
            "-dev", "-node=n2", "-http-port", "1234", "-recursor=1.1.1.1", "-recursor", "2.2.2.2", "-node-meta", "a:b:c", "-node-meta=d",
            "-server=false", "-allow-write-http-from=10.0.0.0/8", "-retry-interval", "7s", "-hcl", "domain = \"x\"", "-domain=y",
            "-check_output_max_size=99", "-serf-lan-port=0x2000");
        _agent.End(AgentEnd.Left);
        await run;
        Assert.Contains("invalid value \"0x2000\" for flag -serf-lan-port: strconv.Atoi", _error.Content, StringComparison.Ordinal);

        _error.Clear();
        run = Start(
            "-dev", "-node=n2", "-http-port", "1234", "-recursor=1.1.1.1", "-recursor", "2.2.2.2", "-node-meta", "a:b:c", "-node-meta=d",
            "-server=false", "-allow-write-http-from=10.0.0.0/8", "-retry-interval", "7s", "-hcl", "domain = \"x\"", "-domain=y",
            "-check_output_max_size=99");
        await run;
        Assert.Empty(_error.Content);
        RuntimeConfig config = _agent.Setup!.Config;
        Assert.Equal(("n2", 1234, false, "x."), (config.Identity.NodeName, config.Ports.Http, config.Server.Enabled, config.Dns.Domain));
        Assert.Equal(["1.1.1.1", "2.2.2.2"], config.Dns.Recursors);
        Assert.Equal("a=b:c d=", string.Join(' ', config.Identity.NodeMeta.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal(TimeSpan.FromSeconds(7), config.Join.RetryIntervalLan);
        Assert.Equal("10.0.0.0/8", Assert.Single(config.Http.AllowWriteFrom!).ToString());
        Assert.Equal(99, config.Checks.OutputBytesMax);
    }

    [Fact]
    public void Help_and_the_list_of_flags_are_the_real_program_s()
    {
        RealConsul.Locate();
        foreach ((string name, Command command) in new (string, Command)[]
        {
            ("agent", Agent()), ("validate", new ValidateCommand(Terminal(), Host())),
        })
        {
            (int code, string output, _) = RealConsul.Run(_folder.FullName, name, "-h");
            Assert.Equal(0, code);
            Assert.Equal(output, command.Help + "\n");
            _error.Clear();
            (code, _, string error) = RealConsul.Run(_folder.FullName, name, "-bogus");
            Assert.Equal(code, command.Run(["-bogus"]));
            Assert.Equal(error, _error.Content);
        }
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("validate", "-config-format=zz", "a.hcl")]
    [InlineData("validate", "/nope")]
    [InlineData("validate", "a.hcl")]
    [InlineData("validate", "-quiet", "a.hcl")]
    [InlineData("validate", "-config-format=json", "a.hcl")]
    [InlineData("validate", "bad.hcl")]
    [InlineData("validate", "a.hcl", "bad.hcl")]
    [InlineData("validate", "d", "a.hcl")]
    [InlineData("validate", "./d/", "a.hcl")]
    public void Validate_says_what_the_real_program_says(params string[] arguments)
    {
        RealConsul.Locate();
        File.WriteAllText(Path.Combine(_folder.FullName, "a.hcl"), "data_dir = \"x\" bind_addr = \"127.0.0.1\" server = true bootstrap = true");
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.hcl"), "foo = 1");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "d"));
        File.WriteAllText(Path.Combine(_folder.FullName, "d", "x.txt"), "nonsense");
        File.WriteAllText(Path.Combine(_folder.FullName, "d", "e.hcl"), string.Empty);
        (int code, string output, string error) = RealConsul.Run(_folder.FullName, arguments);
        string[] absolute = [.. arguments.Skip(1).Select(argument =>
            Path.Exists(Path.Combine(_folder.FullName, argument)) ? Path.Combine(_folder.FullName, argument) : argument)];
        Assert.Equal(code, new ValidateCommand(Terminal(), Host()).Run(absolute));
        Assert.Equal(output, _output.Content);
        Assert.Equal(error, _error.Content.Replace(_folder.FullName + "/", string.Empty, StringComparison.Ordinal));
    }

    private Task<int> Start(params string[] arguments)
    {
        // The command blocks its thread until the agent ends, as the program's main thread does.
        return Task.Factory.StartNew(
            () => Agent().Run(arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(_patience);
    }

    private AgentCommand Agent()
    {
        return new AgentCommand(Terminal(), _agent, Host(), () => _signals);
    }

    private Terminal Terminal()
    {
        return new Terminal(_output, _error, () => Stream.Null, _ => null, _time);
    }

    private static ConfigHost Host()
    {
        return new ConfigHost { Interfaces = new NoInterfaces(), HostName = "host1", OpenFilesMax = 20_000 };
    }

    private async Task Written(string text)
    {
        try
        {
            await _output.Written(text).WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"not written: {text}\n{_output.Content}{_error.Content}");
        }
    }

    private static string Times(string text)
    {
        return Regex.Replace(
            text, @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\S+", "<time>", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private sealed class NoInterfaces : INetworkInterfaces
    {
        public IReadOnlyList<InterfaceAddress> Addresses()
        {
            return [new InterfaceAddress("lo", InterfaceFlags.Up | InterfaceFlags.Loopback, IPAddress.Loopback, 8)];
        }

        public string? DefaultInterface()
        {
            return null;
        }
    }
}
