using System.Text;
using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Logging;
using K8sConsul.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Tests.Logging;

public sealed class LogHubTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("log-");
    private readonly FixedTime _time = new(DateTimeOffset.UnixEpoch.AddSeconds(1), TimeSpan.Zero);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void The_level_may_change_at_any_time()
    {
        using var hub = new LogHub(LogLevel.Information, json: false, _time);
        ILogger log = hub.CreateLogger(LogNames.Agent);
        Assert.False(log.IsEnabled(LogLevel.Debug));
        hub.Level = LogLevel.Debug;
        Assert.True(log.IsEnabled(LogLevel.Debug));
        hub.Level = LogLevel.Error;
        Assert.False(log.IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public void A_level_that_is_off_costs_nothing()
    {
        using var hub = new LogHub(LogLevel.Information, json: false, _time);
        ILogger log = hub.CreateLogger(LogNames.Agent);
        log.ShutdownComplete();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            log.ShutdownComplete();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Watchers_have_levels_and_formats_of_their_own()
    {
        var output = new MemoryStream();
        using AgentLog log = Create(new LogConfigBuilder().Config, output);
        log.Output.Open();
        ILogger logger = log.Hub.CreateLogger(LogNames.Agent);
        using LogSubscription text = log.Hub.Subscribe(LogLevel.Trace, json: false);
        using LogSubscription json = log.Hub.Subscribe(LogLevel.Error, json: true);
        logger.ShutdownComplete();
        logger.ErrorStarting("x");
        Assert.True(text.Lines.TryRead(out string? first));
        Assert.Equal("1970-01-01T00:00:01.000Z [TRACE] agent: shutdown complete\n", first);
        Assert.True(text.Lines.TryRead(out _));
        Assert.True(json.Lines.TryRead(out string? only));
        Assert.StartsWith("{\"@level\":\"error\",\"@message\":\"Error starting agent\"", only, StringComparison.Ordinal);
        Assert.False(json.Lines.TryRead(out _));
        Assert.Equal("    1970-01-01T00:00:01.000Z [ERROR] agent: Error starting agent: error=x\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void The_end_of_a_watch_gives_the_level_back()
    {
        using var hub = new LogHub(LogLevel.Error, json: false, _time);
        ILogger log = hub.CreateLogger(LogNames.Agent);
        LogSubscription watch = hub.Subscribe(LogLevel.Debug, json: false);
        Assert.True(log.IsEnabled(LogLevel.Debug));
        watch.Dispose();
        Assert.False(log.IsEnabled(LogLevel.Debug));
        Assert.True(watch.Lines.Completion.IsCompleted);
    }

    [Fact]
    public void A_slow_watcher_loses_lines_and_holds_nobody_up()
    {
        using var hub = new LogHub(LogLevel.Error, json: false, _time);
        using LogSubscription watch = hub.Subscribe(LogLevel.Trace, json: false);
        ILogger log = hub.CreateLogger(LogNames.Agent);
        for (int i = 0; i < 600; i++)
        {
            log.ShutdownComplete();
        }

        Assert.Equal(600 - 512, watch.Dropped);
        Assert.Equal(512, watch.Lines.Count);
    }

    [Fact]
    public void Lines_wait_for_the_banner()
    {
        var output = new MemoryStream();
        using AgentLog log = Create(new LogConfigBuilder().Config, output);
        ILogger logger = log.Hub.CreateLogger(LogNames.Agent);
        logger.ErrorStarting("early");
        log.Output.WriteRaw("==> banner\n");
        log.Output.Open();
        logger.ErrorStarting("late");
        Assert.Equal(
            "==> banner\n    1970-01-01T00:00:01.000Z [ERROR] agent: Error starting agent: error=early\n"
            + "    1970-01-01T00:00:01.000Z [ERROR] agent: Error starting agent: error=late\n",
            Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void An_output_nobody_reads_does_not_stop_the_log()
    {
        using AgentLog log = Create(new LogConfigBuilder().Config, new BrokenStream());
        log.Output.Open();
        log.Hub.CreateLogger(LogNames.Agent).ErrorStarting("x");
        Assert.True(log.Output.IsBroken);
    }

    [Theory]
    [InlineData("", "consul-1000000000.log")]
    [InlineData("foo", "foo-1000000000.log")]
    [InlineData("foo.txt", "foo-1000000000.txt")]
    public void Files_are_named_by_their_time(string name, string expected)
    {
        using (AgentLog log = Create(new LogConfigBuilder { File = $"{_folder.FullName}/{name}" }.Config, Stream.Null))
        {
            log.Hub.CreateLogger(LogNames.Agent).ErrorStarting("x");
        }

        Assert.Equal([expected], Names());
        Assert.Equal(
            "1970-01-01T00:00:01.000Z [ERROR] agent: Error starting agent: error=x\n",
            File.ReadAllText(Path.Combine(_folder.FullName, expected)));
    }

    [Theory]
    [InlineData(0, "1000000000 2000000000 3000000000 4000000000 5000000000 6000000000")]
    [InlineData(2, "4000000000 5000000000 6000000000")]
    [InlineData(-1, "6000000000")]
    public void A_full_file_is_followed_by_another(int filesMax, string times)
    {
        var config = new LogConfigBuilder { File = _folder.FullName + "/", RotateBytes = 10, RotateMaxFiles = filesMax }.Config;
        using (AgentLog log = Create(config, Stream.Null))
        {
            ILogger logger = log.Hub.CreateLogger(LogNames.Agent);
            for (int i = 0; i < 6; i++)
            {
                logger.ErrorStarting("x");
                _time.Now += TimeSpan.FromSeconds(1);
            }
        }

        Assert.Equal(times.Split(' ').Select(time => $"consul-{time}.log"), Names());
    }

    [Fact]
    public void An_old_file_is_followed_by_another()
    {
        using (AgentLog log = Create(new LogConfigBuilder { File = _folder.FullName + "/" }.Config, Stream.Null))
        {
            ILogger logger = log.Hub.CreateLogger(LogNames.Agent);
            logger.ErrorStarting("x");
            _time.Now += TimeSpan.FromHours(23);
            logger.ErrorStarting("x");
            _time.Now += TimeSpan.FromHours(1);
            logger.ErrorStarting("x");
        }

        Assert.Equal(["consul-1000000000.log", "consul-86401000000000.log"], Names());
    }

    [Theory]
    [InlineData("/nonexistent/x/y", "Failed to setup logging: open /nonexistent/x/y-1000000000.log: no such file or directory")]
    public void A_file_that_cannot_be_made_is_told(string path, string expected)
    {
        Assert.False(AgentLog.TryCreate(new LogConfigBuilder { File = path }.Config, Stream.Null, _time, out _, out string error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_level_that_does_not_exist_is_told()
    {
        Assert.False(AgentLog.TryCreate(new LogConfigBuilder { Level = "zz" }.Config, Stream.Null, _time, out _, out string error));
        Assert.Equal("Invalid log level: zz. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]", error);
    }

    [Fact]
    public void The_banner_is_that_of_Consul()
    {
        RuntimeConfig config = new ConfigLoader(Configuration.FakeMachine.Usual().AsHost()).Load(new ConfigInputs
        {
            DevMode = true,
            HclFragments =
            [
                "node_name = \"n1\" client_addr = \"127.0.0.1 ::1\" ports { http = 28500 dns = 28600 serf_lan = 28301 serf_wan = 28302 }",
            ],
        }).Config!;
        Assert.Equal(
            """
                       Version: '1.8.7'
                       Node ID: '49f0dab9-7784-f993-4a9a-f20cc001760e'
                     Node name: 'n1'
                    Datacenter: 'dc1' (Segment: '<all>')
                        Server: true (Bootstrap: false)
                   Client Addr: [127.0.0.1 ::1] (HTTP: 28500, HTTPS: -1, gRPC: -1, DNS: 28600)
                  Cluster Addr: 127.0.0.1 (LAN: 28301, WAN: 28302)
                       Encrypt: Gossip: false, TLS-Outgoing: false, TLS-Incoming: false, Auto-Encrypt-TLS: false

            """,
            StartupBanner.Describe(config, "1.8.7", "49f0dab9-7784-f993-4a9a-f20cc001760e"));
    }

    private AgentLog Create(LogConfig config, Stream output)
    {
        Assert.True(AgentLog.TryCreate(config, output, _time, out AgentLog? log, out string error), error);
        return log!;
    }

    private IEnumerable<string> Names()
    {
        return _folder.GetFiles().Select(file => file.Name).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            throw new IOException("Broken pipe");
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            throw new IOException("Broken pipe");
        }
    }

    private sealed class LogConfigBuilder
    {
        public string Level { get; init; } = "ERR";

        public string File { get; init; } = string.Empty;

        public long RotateBytes { get; init; }

        public int RotateMaxFiles { get; init; }

        public LogConfig Config => new()
        {
            Level = Level,
            Json = false,
            File = File,
            RotateDuration = TimeSpan.FromHours(24),
            RotateBytes = RotateBytes,
            RotateMaxFiles = RotateMaxFiles,
        };
    }
}
