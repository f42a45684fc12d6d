using System.Text;
using System.Threading.Channels;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Deduplication;
using K8sConsul.TemplateRunner.Running;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>The whole runner with a scripted agent, real files and real programs. Time is the system's: watchers pause 100 ms.</summary>
public sealed class ConsulTemplateTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly LogList _log = new();
    private readonly FakeSignals _signals = new();
    private readonly FakeStore _store = new();
    private readonly StringWriter _printed = new();
    private readonly CancellationTokenSource _stop = new();
    private FakeConsul _consul = null!;
    private Func<ConfigResult> _reread = static () => throw new InvalidOperationException("nobody should read again");

    public async ValueTask InitializeAsync()
    {
        _consul = await FakeConsul.StartAsync();
        _consul.Automatic = _store.ServeAsync;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _consul.DisposeAsync();
        await _printed.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Once_renders_everything_runs_the_commands_and_ends()
    {
        Put("a", "1");
        Put("b", "x");
        Put("x", "deep");
        RunnerConfig config = Config(
            ["-once"],
            Template("<kv.block(a)>", "one", $"echo ran >> {_folder.Path("first")}"),
            Template("<kv.block(<kv.block(b)>)>", "two", $"echo ran >> {_folder.Path("second")}"));
        Assert.Equal(0, await Run(config));
        Assert.Equal("1", _folder.Read("one"));
        Assert.Equal("deep", _folder.Read("two"));
        Assert.Equal("ran\nran\n", _folder.Read("first") + _folder.Read("second"));
        _log.Clear();
        Assert.Equal(0, await Run(config));
        Assert.Equal("ran\nran\n", _folder.Read("first") + _folder.Read("second"));
        Assert.Contains("changed=False", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_are_followed_and_absent_keys_waited_for()
    {
        Task<int> run = Run(Config([], Template("a=<kv.block(a)>", "out", "true")));
        await _log.WaitForAsync("(runner) missing data: template=(dynamic) dependencies=\"kv.block(a)\"");
        Assert.False(File.Exists(_folder.Path("out")));
        Put("a", "1");
        await _log.WaitForAsync("(runner) executing a command: command=\"true\"");
        Assert.Equal("a=1", _folder.Read("out"));
        _log.Clear();
        Put("a", "2");
        await _log.WaitForAsync("(runner) executing a command");
        Assert.Equal("a=2", _folder.Read("out"));
        _signals.Send(SignalNames.Terminate);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    [Fact]
    public async Task An_outage_changes_no_file()
    {
        Put("a", "1");
        Task<int> run = Run(Config([], Template("<kv.block(a)>", "out", "true")));
        await _log.WaitForAsync("(runner) executing a command");
        _consul.Automatic = async context =>
        {
            await FakeConsul.WriteAsync(context, 500, "No cluster leader", 0);
            return true;
        };

        // The request that waits is answered with what is known; the next one fails.
        Put("unrelated", "x");
        await _log.WaitForAsync("(retry attempt 1 after \"250ms\")");
        Put("a", "lost");
        Assert.Equal("1", _folder.Read("out"));
        _log.Clear();
        _consul.Automatic = _store.ServeAsync;
        await _log.WaitForAsync("(runner) executing a command");
        Assert.Equal("lost", _folder.Read("out"));
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    [Fact]
    public async Task Retries_that_are_used_up_end_the_run()
    {
        _consul.Automatic = async context =>
        {
            await FakeConsul.WriteAsync(context, 500, "down", 0);
            return true;
        };
        Assert.Equal(RunnerExit.RunFailed, await Run(Config(["-consul-retry-attempts=1", "-consul-retry-backoff=1ms"], Template("<kv.block(a)>", "out"))));
        Assert.Contains("Error: (cli) kv.block(a): Unexpected response code: 500 (exceeded maximum retries)", _log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BROKEN", "Error: (cli) (dynamic): parse: template: :1: unexpected EOF")]
    [InlineData("FAIL", "Error: (cli) (dynamic): execute: template: :1:2: executing \"\" at <fail>: error calling fail: FAIL")]
    public async Task A_bad_template_ends_the_run(string text, string error)
    {
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([], Template(text, "out"))));
        Assert.Contains(error, _log.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public async Task A_bad_template_that_is_not_fatal_recovers_with_new_data()
    {
        Put("a", "FAIL");
        Task<int> run = Run(Config(["-template-error-fatal=false"], Template("<kv.block(a)>", "out"), Template("fine", "other")));
        await _log.WaitForAsync("execute: template:");
        Put("a", "good");
        await _log.WaitForAsync("(runner) all templates rendered");
        Assert.Equal("good", _folder.Read("out"));
        _log.Clear();
        Put("a", "FAIL again");
        await _log.WaitForAsync("execute: template:");
        Assert.Equal("good", _folder.Read("out"));
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    [Fact]
    public async Task Mistakes_of_the_surroundings_end_the_run()
    {
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([], $"template {{ source = \"/no/such\" destination = \"{_folder.Path("out")}\" }}")));
        Assert.Contains("Error: (cli) failed to read template: open /no/such: no such file or directory", _log.Text, StringComparison.Ordinal);
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([], "consul { token_file = \"/no/such\" }", Template("x", "out"))));
        Assert.Contains("Error: (cli) client set: consul: Error loading token file: open /no/such: no such file or directory", _log.Text, StringComparison.Ordinal);
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([], "template { contents = \"x\" create_dest_dirs = false destination = \"/no/such/out\" }")));
        Assert.Contains("Error: (cli) error rendering \"(dynamic)\" => \"/no/such/out\": parent directory is missing", _log.Text, StringComparison.Ordinal);
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([], Template("x", "out", "exit 4"))));
        Assert.Contains("Error: (cli) failed to execute command \"exit 4\": command exited with a non-zero exit status: 4", _log.Text, StringComparison.Ordinal);
        Assert.Equal(RunnerExit.RunFailed, await Run(Config(["-pid-file=/no/such/pid"], Template("x", "out"))));
    }

    [Fact]
    public async Task A_dry_run_prints_and_writes_nothing()
    {
        Assert.Equal(0, await Run(Config(["-once", "-dry"], Template("text\n", "out", "exit 1"))));
        Assert.Equal($"> {_folder.Path("out")}\ntext\n", _printed.ToString());
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public async Task Parsing_only_asks_nothing()
    {
        Assert.Equal(0, await Run(Config(["-parse-only"], Template("<kv.block(a)>", "out"))));
        Assert.Equal(RunnerExit.RunFailed, await Run(Config(["-parse-only"], Template("BROKEN", "out"))));
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task Changes_are_waited_for_to_end_once_all_is_rendered()
    {
        Put("a", "1");
        Task<int> run = Run(Config(["-wait=30ms:60ms"], Template("<kv.block(a)>", "out")));
        await _log.WaitForAsync("(runner) all templates rendered");
        Assert.DoesNotContain("waiting for changes to end", _log.Text, StringComparison.Ordinal);
        _log.Clear();
        Put("a", "2");
        await _log.WaitForAsync("(runner) rendered");
        Assert.Contains("(runner) waiting for changes to end: template=(dynamic)", _log.Text, StringComparison.Ordinal);
        Assert.Equal("2", _folder.Read("out"));
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    /// <summary>Without a child SIGINT ends the program whatever the kill signal is; with one it is the child's.</summary>
    [Fact]
    public async Task Another_kill_signal_leaves_SIGINT_to_the_child()
    {
        Task<int> run = Run(Config(["-kill-signal=SIGUSR2"], Template("x", "out")));
        _signals.Send(SignalNames.Interrupt);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
        string pipe = Pipe("said");
        string script = _folder.Write("script", $"trap 'echo int > {pipe}' INT\ntrap 'exit 0' TERM\necho up > {pipe}\nwhile :; do sleep 0.01; done\n");
        run = Run(Config(["-kill-signal=SIGUSR2", "-exec-kill-signal=SIGTERM"], $"exec {{ command = [\"sh\", \"{script}\"] }}", Template("x", "out")));
        Assert.Equal("up\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _signals.Send(SignalNames.Interrupt);
        Assert.Equal("int\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _signals.Send(SignalNames.User2);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    [Theory]
    [InlineData(ConfigOutcome.Help, 0)]
    [InlineData(ConfigOutcome.Version, 0)]
    [InlineData(ConfigOutcome.FlagRefused, 13)]
    [InlineData(ConfigOutcome.ConfigRefused, 15)]
    public void A_command_line_without_a_run_has_its_code(ConfigOutcome outcome, int code)
    {
        Assert.Equal(code, RunnerExit.Of(outcome));
    }

    [Theory]
    [InlineData("-once")]
    [InlineData("-once=false")]
    public async Task A_child_starts_when_all_is_rendered_and_its_code_is_passed_on(string once)
    {
        Put("a", "1");
        Assert.Equal(7, await Run(Config([once, "-exec", $"cp {_folder.Path("out")} {_folder.Path("seen")}; exit 7"], Template("<kv.block(a)>", "out"))));
        Assert.Equal("1", _folder.Read("seen"));
    }

    [Fact]
    public async Task A_child_is_told_of_changes_given_other_signals_and_stopped()
    {
        Put("a", "1");
        string pipe = Pipe("said");
        string script = _folder.Write(
            "script",
            $"trap 'echo reload > {pipe}' HUP\ntrap 'echo user > {pipe}' USR1\ntrap 'echo bye > {_folder.Path("bye")}; exit 0' QUIT\necho up > {pipe}\nwhile :; do sleep 0.01; done\n");
        Task<int> run = Run(Config([], $"exec {{ command = [\"sh\", \"{script}\"] reload_signal = \"SIGHUP\" kill_signal = \"SIGQUIT\" }}", Template("<kv.block(a)>", "out")));
        Assert.Equal("up\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        Put("a", "2");
        Assert.Equal("reload\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _signals.Send(SignalNames.User1);
        Assert.Equal("user\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _signals.Send(SignalNames.Terminate);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
        Assert.Equal("bye\n", _folder.Read("bye"));
    }

    [Fact]
    public async Task A_signal_ends_a_command_that_runs_on()
    {
        string pipe = Pipe("said");
        Task<int> run = Run(Config([], Template("x", "out", $"echo up > {pipe}; sleep 1000")));
        Assert.Equal("up\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _signals.Send(SignalNames.Interrupt);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    [Fact]
    public async Task The_reload_signal_reads_everything_again_and_a_refused_configuration_changes_nothing()
    {
        Put("a", "1");
        Put("b", "2");
        string pid = _folder.Path("pid");
        Task<int> run = Run(Config([$"-pid-file={pid}"], Template("<kv.block(a)>", "one")));
        await _log.WaitForAsync("(runner) all templates rendered");
        Assert.Equal($"{Environment.ProcessId}", _folder.Read("pid"));
        _reread = static () => new ConfigResult { Outcome = ConfigOutcome.ConfigRefused, Error = "nonsense" };
        _signals.Send(SignalNames.Hangup);
        await _log.WaitForAsync("(config) refused, the present one stays: nonsense");
        _log.Clear();
        Put("a", "3");
        await _log.WaitForAsync("(runner) rendered");
        Assert.Equal("3", _folder.Read("one"));
        _reread = () => new ConfigResult { Outcome = ConfigOutcome.Run, Config = Config([], Template("<kv.block(b)>", "two")), Warnings = ["old name"] };
        _log.Clear();
        _signals.Send(SignalNames.Hangup);
        await _log.WaitForAsync("(runner) all templates rendered");
        Assert.Contains("(config) old name", _log.Text, StringComparison.Ordinal);
        Assert.Equal("2", _folder.Read("two"));
        Assert.False(File.Exists(pid));
        _signals.Send(SignalNames.Interrupt);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    /// <summary>The run that is about to end takes it from the system; the next one has to obey.</summary>
    [Fact]
    public async Task A_signal_that_comes_during_a_reload_is_not_lost()
    {
        Task<int> run = Run(Config([], Template("x", "one")));
        await _log.WaitForAsync("(runner) all templates rendered");
        _reread = () =>
        {
            _signals.Send(SignalNames.Terminate);
            return new ConfigResult { Outcome = ConfigOutcome.Run, Config = Config([], Template("y", "two")) };
        };
        _signals.Send(SignalNames.Hangup);
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    /// <summary>The check sees the new text beside the old file; a text that it refuses changes nothing, and the next one may be better.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("write_mode = \"inplace\"")]
    public async Task A_text_that_its_check_refuses_is_not_used(string mode)
    {
        string pipe = Pipe("ran");
        string check = $"grep -q good $CONSUL_TEMPLATE_FILE && [ $CONSUL_TEMPLATE_FILE != {_folder.Path("out")} ]";
        string template = $"template {{ contents = \"<kv.block(a)>\" destination = \"{_folder.Path("out")}\" check_command = \"{check}\" command = \"echo ran > {pipe}\" {mode} }}";
        Put("a", "bad");
        Task<int> run = Run(Config([], template));
        await _log.WaitForAsync("(runner) check failed, the former file stays: \"(dynamic)\" => ");
        Assert.False(File.Exists(_folder.Path("out")));
        Assert.DoesNotContain("all templates rendered", _log.Text, StringComparison.Ordinal);
        Put("a", "good 1");
        Assert.Equal("ran\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        await _log.WaitForAsync("(runner) all templates rendered");
        _log.Clear();
        Put("a", "worse");
        await _log.WaitForAsync("(runner) check failed");
        Assert.Equal("good 1", _folder.Read("out"));
        Put("a", "good 2");
        Assert.Equal("ran\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        Assert.Equal("good 2", _folder.Read("out"));
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
        Assert.All(Directory.GetFiles(_folder.Path("")), static file => Assert.DoesNotContain(".tmp", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_for_once_fails_with_its_check()
    {
        string template = $"template {{ contents = \"x\" destination = \"{_folder.Path("out")}\" check_command = \"exit 3\" }}";
        Assert.Equal(RunnerExit.RunFailed, await Run(Config(["-once"], template)));
        Assert.Contains("check: failed to execute command \"exit 3\": command exited with a non-zero exit status: 3", _log.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public async Task Health_and_metrics_are_answered_over_http()
    {
        int port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Task<int> run = Run(Config([$"-http-addr=127.0.0.1:{port}"], Template("<kv.block(a)>", "out")));
        await _log.WaitForAsync("(runner) missing data");
        using (HttpResponseMessage waiting = await http.GetAsync("/health"))
        {
            Assert.Equal((503, "not every template was rendered yet\n"), ((int)waiting.StatusCode, await waiting.Content.ReadAsStringAsync()));
        }

        Put("a", "1");
        await _log.WaitForAsync("(runner) all templates rendered");
        Assert.Equal("ok\n", await http.GetStringAsync("/health"));
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("# TYPE consul_template_renders_total counter\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"consul_template_renders_total{{destination=\"{_folder.Path("out")}\"}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"consul_template_failures_total{{destination=\"{_folder.Path("out")}\"}} 0\n", metrics, StringComparison.Ordinal);
        Assert.Matches("\nconsul_template_dependency_age_seconds\\{dependency=\"kv.block\\(a\\)\"\\} [0-9.]+\n", metrics);
        Assert.Contains("consul_template_ready 1\n", metrics, StringComparison.Ordinal);
        using (HttpResponseMessage other = await http.GetAsync("/other"))
        {
            Assert.Equal(404, (int)other.StatusCode);
        }

        // Somebody who says nothing, and somebody who says nonsense, hold up nobody.
        using var silent = new System.Net.Sockets.TcpClient("127.0.0.1", port);
        using var odd = new System.Net.Sockets.TcpClient("127.0.0.1", port);
        await odd.GetStream().WriteAsync("\0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(odd.GetStream());
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        Assert.Equal("ok\n", await http.GetStringAsync("/health"));
        Assert.Equal(RunnerExit.RunFailed, await Run(Config([$"-http-addr=127.0.0.1:{port}"], Template("x", "out2"))));
        Assert.Contains($"Error: (cli) http: listen tcp 127.0.0.1:{port}: bind: address already in use", _log.Text, StringComparison.Ordinal);
        Assert.Equal(RunnerExit.RunFailed, await Run(Config(["-http-addr=somewhere"], Template("x", "out2"))));
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await run.WaitAsync(_patience));
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task Equal_blocks_are_one_template_and_share_one_watcher_with_others()
    {
        Put("a", "1");
        Assert.Equal(0, await Run(Config(["-once"], Template("<kv.block(a)>", "one"), Template("<kv.block(a)>", "one"), Template("<kv.block(a)>!", "two"))));
        Assert.Equal(1, _store.ReadsOf("/v1/kv/a"));
    }

    [Fact]
    public async Task Many_dependencies_are_warned_of_once()
    {
        for (int i = 0; i < 130; i++)
        {
            Put($"k{i}", "v");
        }

        Assert.Equal(0, await Run(Config(["-once"], Template(string.Concat(Enumerable.Range(0, 130).Select(i => $"<kv.block(k{i})>")), "out"))));
        Assert.Contains("kv.block(k9), and 120 more\"", _log.Text, StringComparison.Ordinal);
        Assert.Single(_log.Text.Split('\n'), line => line.Contains("count=130", StringComparison.Ordinal) && line.StartsWith("Warning", StringComparison.Ordinal));
    }

    /// <summary>The leader asks for both keys; the follower gets the second, which the first names, with the first.</summary>
    [Fact]
    public async Task A_follower_renders_what_the_leader_has_published()
    {
        Put("a", "b");
        Put("b", "1");
        RunnerConfig config = Config(["-dedup"], Template("<kv.block(<kv.block(a)>)>", "out"));
        Task<int> leader = Run(config);
        await _log.WaitForAsync("(runner) all templates rendered");
        string key = SharedKey.Of("consul-template/dedup/", TemplateUnit.IdOf(config.Templates[0]));
        var log = new LogList();
        using var stop = new CancellationTokenSource();
        Task<int> follower = new ConsulTemplate(new FakeEngine(), new FakeSignals(), _printed, TimeProvider.System, log).RunAsync(config, _reread, stop.Token);
        await log.WaitForAsync("role=Follower");
        await log.WaitForAsync("(runner) all templates rendered");
        Assert.NotNull(_store.Get(key));
        log.Clear();
        Put("b", "2");
        await log.WaitForAsync("(runner) rendered");
        Assert.DoesNotContain("kv.block(a): received data", log.Text, StringComparison.Ordinal);
        Assert.Equal("2", _folder.Read("out"));

        // The leader goes; the follower takes over and asks for itself.
        log.Clear();
        await _stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await leader.WaitAsync(_patience));
        await log.WaitForAsync("role=Leader");
        Put("b", "3");
        await log.WaitForAsync("kv.block(b): received data");
        await stop.CancelAsync();
        Assert.Equal(RunnerExit.Interrupted, await follower.WaitAsync(_patience));
    }

    private void Put(string key, string value)
    {
        _store.Put(key, Encoding.UTF8.GetBytes(value));
    }

    private Task<int> Run(RunnerConfig config)
    {
        return new ConsulTemplate(new FakeEngine(), _signals, _printed, TimeProvider.System, _log).RunAsync(config, () => _reread(), _stop.Token);
    }

    private RunnerConfig Config(string[] flags, params string[] blocks)
    {
        string[] arguments = [.. flags, "-consul-addr", _consul.Address];
        ConfigResult result = ConfigReader.Read(arguments, name => name == "CT_LOCAL_CONFIG" ? string.Join('\n', blocks) : null);
        Assert.Equal(string.Empty, result.Error);
        return result.Config!;
    }

    private string Template(string text, string destination, string command = "")
    {
        return $"template {{\n contents = {Quote(text)}\n destination = \"{_folder.Path(destination)}\"\n command = {Quote(command)}\n}}\n";
    }

    private static string Quote(string text)
    {
        return "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
    }

    private string Pipe(string name)
    {
        string path = _folder.Path(name);
        using var made = System.Diagnostics.Process.Start("mkfifo", path);
        made.WaitForExit();
        return path;
    }

    private sealed class FakeSignals : IRunnerSignals
    {
        private readonly Channel<int> _sent = Channel.CreateUnbounded<int>();

        public void Send(int signal)
        {
            _sent.Writer.TryWrite(signal);
        }

        public ValueTask<int> NextAsync(CancellationToken cancellationToken)
        {
            return _sent.Reader.ReadAsync(cancellationToken);
        }
    }
}
