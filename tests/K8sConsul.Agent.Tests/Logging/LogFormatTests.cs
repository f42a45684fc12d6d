using System.Net;
using System.Text;
using K8sConsul.Agent.Logging;
using K8sConsul.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Tests.Logging;

public sealed class LogFormatTests
{
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 20, 9, 27, 43, TimeSpan.Zero).AddTicks(6_678_560), TimeSpan.Zero);

    /// <summary>The lines came from the real program.</summary>
    [Fact]
    public void Text_lines_are_those_of_Consul()
    {
        Assert.Equal(
            """
            2026-11-20T09:27:43.667Z [INFO]  agent: Started DNS server: address=127.0.0.1:8600 network=udp
            2026-11-20T09:27:43.667Z [INFO]  agent: serf: EventMemberJoin: vm.dc1 127.0.0.1
            2026-11-20T09:27:43.667Z [WARN]  agent: heartbeat timeout reached, starting election: last-leader=
            2026-11-20T09:27:43.667Z [ERROR] agent: Error starting agent: error="Failed to start Consul server: x"
            2026-11-20T09:27:43.667Z [DEBUG] agent: (LAN) joining: lan_addresses=[a, "b c"] wait=1m30s count=3 ok=true
            2026-11-20T09:27:43.667Z [TRACE] agent: shutdown complete
            2026-11-20T09:27:43.667Z [ERROR] agent: failed to sync: node=n1 error="no leader"

            """,
            Lines(json: false, LogNames.Agent, WriteAll));
    }

    [Fact]
    public void Json_lines_are_those_of_Consul()
    {
        Assert.Equal(
            """
            {"@level":"info","@message":"Started DNS server","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z","address":"127.0.0.1:8600","network":"udp"}
            {"@level":"info","@message":"serf: EventMemberJoin: vm.dc1 127.0.0.1","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z"}
            {"@level":"warn","@message":"heartbeat timeout reached, starting election","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z","last-leader":""}
            {"@level":"error","@message":"Error starting agent","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z","error":"Failed to start Consul server: x"}
            {"@level":"debug","@message":"(LAN) joining","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z","count":3,"lan_addresses":["a","b c"],"ok":true,"wait":90000000000}
            {"@level":"trace","@message":"shutdown complete","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z"}
            {"@level":"error","@message":"failed to sync","@module":"agent.dns","@timestamp":"2026-11-20T09:27:43.667856Z","error":"no leader","node":"n1"}

            """,
            Lines(json: true, LogNames.Dns, WriteAll));
    }

    [Fact]
    public void Json_escapes_what_Go_escapes()
    {
        string line = Lines(json: true, "agent", log => log.ErrorStarting("<a> & \"b\" é\n"));
        Assert.Contains("\"error\":\"\\u003ca\\u003e \\u0026 \\\"b\\\" é\\n\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_elsewhere_show_their_offset()
    {
        var elsewhere = new FixedTime(_time.GetUtcNow(), new TimeSpan(-3, -30, 0));
        Assert.StartsWith("2026-11-20T05:57:43.667-0330 [TRACE] a: ", Lines(json: false, "a", log => log.ShutdownComplete(), elsewhere), StringComparison.Ordinal);
        Assert.Contains("\"2026-11-20T05:57:43.667856-03:30\"", Lines(json: true, "a", log => log.ShutdownComplete(), elsewhere), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain", "")]
    [InlineData("a: b={X}", "a", "b=X")]
    [InlineData("a: b: c={X} d={Y}", "a: b", "c=X d=Y")]
    [InlineData("a: {X}", "a: |X|", "")]
    [InlineData("a: b={X} c", "a: b=|X| c", "")]
    [InlineData("a {X}: b={Y}", "a |X|", "b=Y")]
    [InlineData("{X}", "|X|", "")]
    [InlineData("a={X}", "a=|X|", "")]
    [InlineData("a: b={X:N2}", "a", "b=X")]
    [InlineData("a {{b}} {X}", "a {b} |X|", "")]
    public void Templates_split_into_message_and_pairs(string template, string message, string pairs)
    {
        LogTemplate parsed = LogTemplate.Parse(template);
        Assert.Equal(message, string.Concat(parsed.Message.Select(part => part.Literal + (part.Placeholder is null ? "" : $"|{part.Placeholder}|"))));
        Assert.Equal(pairs, string.Join(' ', parsed.Pairs.Select(pair => $"{pair.Key}={pair.Placeholder}")));
    }

    [Fact]
    public void The_framework_s_names_are_hidden_and_its_progress_is_too()
    {
        Assert.Equal(
            "2026-11-20T09:27:43.667Z [ERROR] agent.http: Error starting agent: error=x\n",
            Lines(json: false, "Microsoft.AspNetCore.Server.Kestrel", log =>
            {
                log.ShutdownComplete();
                log.MemberJoin("a", IPAddress.Any);
                log.ErrorStarting("x");
            }));
    }

    [Theory]
    [InlineData("TRACE", LogLevel.Trace)]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("Info", LogLevel.Information)]
    [InlineData("WARN", LogLevel.Warning)]
    [InlineData("err", LogLevel.Error)]
    [InlineData("ERROR", LogLevel.Error)]
    public void Levels_have_the_names_of_Consul(string name, LogLevel level)
    {
        Assert.True(LogLevels.TryParse(name, out LogLevel parsed));
        Assert.Equal(level, parsed);
        Assert.False(LogLevels.TryParse(name + "x", out _));
    }

    private static void WriteAll(ILogger log)
    {
        log.StartedDns(new IPEndPoint(IPAddress.Loopback, 8600), "udp");
        log.MemberJoin("vm.dc1", IPAddress.Loopback);
        log.HeartbeatTimeout(string.Empty);
        log.ErrorStarting("Failed to start Consul server: x");
        log.Joining(["a", "b c"], TimeSpan.FromSeconds(90), 3, ok: true);
        log.ShutdownComplete();
        log.FailedSync(new InvalidOperationException("no leader"), "n1");
    }

    private string Lines(bool json, string name, Action<ILogger> write, TimeProvider? time = null)
    {
        using var hub = new LogHub(LogLevel.Trace, json, time ?? _time, LogNames.Naming);
        var sink = new ListSink();
        hub.Add(sink);
        write(hub.CreateLogger(name));
        return sink.Text.ToString();
    }

    private sealed class ListSink : ILogSink
    {
        public StringBuilder Text { get; } = new();

        public void Write(string line)
        {
            Text.Append(line);
        }
    }
}

/// <summary>A clock that stands, or is set.</summary>
internal sealed class FixedTime(DateTimeOffset now, TimeSpan offset) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("test", offset, "test", "test");

    public override DateTimeOffset GetUtcNow()
    {
        return Now.ToUniversalTime();
    }
}
