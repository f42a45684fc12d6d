using System.Diagnostics;
using System.Text;
using K8sConsul.Cli.Tests.Transcripts;

namespace K8sConsul.Cli.Tests.TemplateCommands;

/// <summary>The command as a process: signals, its log, and what it leaves behind. It tells by its log how far it is.</summary>
public sealed class TemplateCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-command-").FullName;
    private readonly SemaphoreSlim _hold = new(0);
    private HttpPeer _agent = null!;
    private string _value = "1";

    public ValueTask InitializeAsync()
    {
        // The first read is answered, the blocking query after it is held until the test lets it go.
        int index = 0;
        _agent = new HttpPeer(async request =>
        {
            if (request.Target.Contains("index=", StringComparison.Ordinal))
            {
                await _hold.WaitAsync();
            }

            string at = (++index).ToString();
            string value = Convert.ToBase64String(Encoding.UTF8.GetBytes(_value));
            return new PeerAnswer(200, [new("X-Consul-Index", at)], Encoding.UTF8.GetBytes($$"""[{"Key":"k","Value":"{{value}}","ModifyIndex":{{at}}}]"""));
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _hold.Release(1000);
        await _agent.DisposeAsync();
        _hold.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("INT", "")]
    [InlineData("TERM", "")]
    [InlineData("USR1", "-kill-signal=SIGUSR1")]
    public async Task A_signal_stops_it_with_code_12_and_takes_the_pid_file_away(string signal, string flag)
    {
        string pid = Path.Combine(_folder, "pid");
        using Started command = Start([.. Flags("-pid-file=" + pid), .. flag.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await command.SaysAsync("(runner) all templates rendered");
        Assert.Equal(command.Id, await File.ReadAllTextAsync(pid));
        Assert.Equal(12, await command.SignalAsync(signal));
        Assert.False(File.Exists(pid));
    }

    /// <summary>A shell starts what it puts into the background with SIGINT ignored, nohup does so with SIGHUP.</summary>
    [Fact]
    public async Task Signals_that_were_ignored_at_its_start_count_again()
    {
        using Started command = Start(Flags(), "trap '' INT HUP; exec ");
        await command.SaysAsync("(runner) all templates rendered");
        await command.SendAsync("HUP");
        await command.SaysAsync("(config) read again");
        Assert.Equal(12, await command.SignalAsync("INT"));
    }

    [Fact]
    public async Task A_reload_takes_new_templates_and_a_new_log_level_and_refuses_what_is_wrong()
    {
        string config = Path.Combine(_folder, "config.hcl");
        await File.WriteAllTextAsync(config, Config("first", "INFO"));
        using Started command = Start(["-config=" + config]);
        await command.SaysAsync("(runner) all templates rendered");
        await File.WriteAllTextAsync(config, "template { sauce = 1 }");
        await command.SendAsync("HUP");
        await command.SaysAsync("(config) refused, the present one stays: ");
        await File.WriteAllTextAsync(config, Config("second", "DEBUG") + $"log_file {{ path = \"{_folder}/logs/\" }}");
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        await command.SendAsync("HUP");
        await command.SaysAsync("[DEBUG] (view) kv.block(k): received data", afterwards: true);
        await command.SaysAsync("(runner) all templates rendered", afterwards: true);
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(_folder, "second")));
        Assert.Equal(12, await command.SignalAsync("TERM"));
        string log = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "logs"), "consul-template-*.log"));
        Assert.Matches(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\S+ \[INFO\] \(runner\) all templates rendered\n", await File.ReadAllTextAsync(log));
    }

    [Fact]
    public async Task What_is_missing_and_what_changes_is_told()
    {
        using Started command = Start(Flags("-log-level=debug"));
        await command.SaysAsync($"[INFO] (runner) missing data: template={_folder}/a.ctmpl dependencies=\"kv.block(k)\"");
        await command.SaysAsync("(runner) all templates rendered");
        _value = "2";
        _hold.Release();
        await command.SaysAsync($"[INFO] (runner) rendered \"{_folder}/a.ctmpl\" => \"{_folder}/out\": changed=true", afterwards: true);
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(_folder, "out")));
        Assert.Equal(12, await command.SignalAsync("INT"));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$; true", 137)]
    public async Task The_end_of_the_child_is_the_end(string script, int code)
    {
        using Started command = Start(Flags("-exec=" + script));
        Assert.Equal(code, await command.EndAsync());
    }

    [Fact]
    public async Task The_systemd_unit_is_told_when_all_is_rendered()
    {
        string path = Path.Combine(_folder, "notify");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        using Started command = Start(Flags(), $"NOTIFY_SOCKET={path} exec ");
        byte[] said = new byte[64];
        using var patience = new CancellationTokenSource(_patience);
        Assert.Equal("READY=1", Encoding.UTF8.GetString(said, 0, await socket.ReceiveAsync(said, patience.Token)));
        Assert.True(File.Exists(Path.Combine(_folder, "out")));
        Assert.Equal(12, await command.SignalAsync("INT"));
    }

    private string[] Flags(params string[] more)
    {
        File.WriteAllText(Path.Combine(_folder, "a.ctmpl"), "{{key \"k\"}}");
        return ["-template", $"{_folder}/a.ctmpl:{_folder}/out", "-log-level=info", .. more];
    }

    private string Config(string destination, string level) =>
        $"log_level = \"{level}\"\ntemplate {{ contents = \"{{{{key \\\"k\\\"}}}}\" destination = \"{_folder}/{destination}\" }}\n";

    private Started Start(IEnumerable<string> arguments, string before = "exec ")
    {
        string words = string.Join(' ', arguments.Select(static word => $"'{word}'"));
        return new Started($"{before}{Path.Combine(AppContext.BaseDirectory, "consul")} template {words}", _agent.Address);
    }

    private sealed class Started : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _said = new();
        private readonly SemaphoreSlim _more = new(0);
        private int _read;

        public Started(string command, string address)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { UseShellExecute = false, RedirectStandardError = true };
            start.Environment["CONSUL_HTTP_ADDR"] = address;
            _process = Process.Start(start)!;
            _process.ErrorDataReceived += (_, line) =>
            {
                lock (_said)
                {
                    _said.Append(line.Data).Append('\n');
                }

                _more.Release();
            };
            _process.BeginErrorReadLine();
        }

        public string Id => _process.Id.ToString();

        private string Said
        {
            get
            {
                lock (_said)
                {
                    return _said.ToString();
                }
            }
        }

        /// <param name="text">Part of a line.</param>
        /// <param name="afterwards">Below the line that was waited for last.</param>
        public async Task SaysAsync(string text, bool afterwards = false)
        {
            int from = afterwards ? _read : 0;
            while (true)
            {
                string said = Said;
                int at = said.IndexOf(text, Math.Min(from, said.Length), StringComparison.Ordinal);
                if (at >= 0)
                {
                    _read = at + text.Length;
                    return;
                }

                Assert.True(await _more.WaitAsync(_patience), $"it has not said \"{text}\":\n{Said}");
                Assert.False(_process.HasExited && !Said.Contains(text, StringComparison.Ordinal) && _more.CurrentCount == 0, $"it has ended without saying \"{text}\":\n{Said}");
            }
        }

        public async Task SendAsync(string signal)
        {
            using Process kill = Process.Start("kill", ["-" + signal, Id]);
            await kill.WaitForExitAsync();
        }

        public async Task<int> SignalAsync(string signal)
        {
            await SendAsync(signal);
            return await EndAsync();
        }

        public async Task<int> EndAsync()
        {
            using var patience = new CancellationTokenSource(_patience);
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }
    }
}
