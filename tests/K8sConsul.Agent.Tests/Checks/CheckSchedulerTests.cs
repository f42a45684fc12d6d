using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Checks;

public sealed class CheckSchedulerTests : IAsyncDisposable
{
    private static readonly CheckDefinition Tcp = new() { Name = "t", Tcp = "x", Interval = TimeSpan.FromSeconds(10) };

    private readonly ManualTime _time = new();
    private readonly FakeProbe _probe = new();
    private readonly System.Threading.Channels.Channel<(string Id, CheckStatus Status, string Output)> _results =
        System.Threading.Channels.Channel.CreateUnbounded<(string, CheckStatus, string)>();

    private readonly CheckScheduler _scheduler;

    public CheckSchedulerTests()
    {
        _scheduler = Create(new CheckSchedulerOptions());
        _scheduler.Start();
    }

    [Fact]
    public async Task The_first_run_waits_for_its_random_part_and_the_next_for_the_interval_after_the_end()
    {
        _scheduler.Start("c", Tcp);
        await Settled();
        Assert.Equal(TimeSpan.FromSeconds(4), _time.NextDue);
        _time.Advance(TimeSpan.FromSeconds(4));
        FakeRun first = await _probe.NextRun();
        _time.Advance(TimeSpan.FromSeconds(3));
        first.End(CheckResult.Passing("well"));
        Assert.Equal(("c", CheckStatus.Passing, "well"), await NextResult());
        await Settled();
        Assert.Equal(TimeSpan.FromSeconds(10), _time.NextDue);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await _probe.NextRun()).End(CheckResult.Critical("ill"));
        Assert.Equal(("c", CheckStatus.Critical, "ill"), await NextResult());
    }

    [Fact]
    public async Task A_stopped_check_gives_no_result_any_more()
    {
        _scheduler.Start("c", Tcp);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(4));
        FakeRun run = await _probe.NextRun();
        _scheduler.Stop("c");
        await run.Cancelled;
        run.End(CheckResult.Passing("too late"));
        _scheduler.Start("d", Tcp);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(4));
        (await _probe.NextRun()).End(CheckResult.Passing("in time"));
        Assert.Equal(("d", CheckStatus.Passing, "in time"), await NextResult());
    }

    [Fact]
    public async Task The_same_check_registered_again_keeps_its_turn_and_another_begins_anew()
    {
        _scheduler.Start("c", Tcp);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(3));
        _scheduler.Start("c", Tcp with { ScriptArgs = [] });
        await Settled();
        Assert.Equal(TimeSpan.FromSeconds(1), _time.NextDue);
        _scheduler.Start("c", Tcp with { Tcp = "y" });
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("y", (await _probe.NextRun()).Check.Tcp);
    }

    [Fact]
    public async Task A_TTL_registered_again_begins_anew()
    {
        CheckDefinition ttl = new() { Name = "ttl", Ttl = TimeSpan.FromSeconds(30) };
        _scheduler.Start("ttl", ttl);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(20));
        _scheduler.Start("ttl", ttl);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(29));
        await Settled();
        Assert.False(_results.Reader.TryRead(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("ttl", CheckStatus.Critical, "TTL expired"), await NextResult());
    }

    [Fact]
    public async Task Thresholds_damp_what_is_published()
    {
        _scheduler.Start("c", Tcp with { FailuresBeforeCritical = 2 });
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(4));
        foreach (CheckResult result in new[] { CheckResult.Passing("1"), CheckResult.Critical("2"), CheckResult.Critical("3") })
        {
            (await _probe.NextRun()).End(result);
            await Settled();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(("c", CheckStatus.Passing, "1"), await NextResult());
        Assert.Equal(("c", CheckStatus.Critical, "3"), await NextResult());
    }

    [Fact]
    public async Task A_probe_that_throws_is_a_critical_result()
    {
        _scheduler.Start("c", Tcp);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(4));
        (await _probe.NextRun()).Fail(new InvalidOperationException("no such thing"));
        Assert.Equal(("c", CheckStatus.Critical, "no such thing"), await NextResult());
    }

    [Fact]
    public async Task No_more_run_at_once_than_the_lane_allows_and_the_others_follow_in_order()
    {
        await using CheckScheduler narrow = Create(new CheckSchedulerOptions { NetworkRunsMax = 2 });
        narrow.Start();
        for (int i = 0; i < 5; i++)
        {
            narrow.Start($"c{i}", Tcp with { Name = $"c{i}" });
        }

        await Settled(narrow);
        _time.Advance(TimeSpan.FromSeconds(4));
        List<string> order = [];
        FakeRun running = await _probe.NextRun();
        FakeRun other = await _probe.NextRun();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_probe.Running <= 2, $"{_probe.Running} run at once");
            order.Add(running.Check.Name);
            running.End(CheckResult.Passing(""));
            running = other;
            other = i < 3 ? await _probe.NextRun() : other;
        }

        Assert.Equal(["c2", "c3", "c4"], order.Skip(2));
    }

    [Fact]
    public async Task A_TTL_that_is_not_reported_in_time_expires_once()
    {
        _scheduler.Start("ttl", new CheckDefinition { Name = "ttl", Ttl = TimeSpan.FromSeconds(30) });
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(("ttl", CheckStatus.Critical, "TTL expired"), await NextResult());
        await Idle();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_results.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_report_begins_the_TTL_anew_and_is_quoted_when_it_expires()
    {
        _scheduler.Start("ttl", new CheckDefinition { Name = "ttl", Ttl = TimeSpan.FromSeconds(30), OutputMaxSize = 5 });
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("hello ... (captured 5 of 6 bytes)", _scheduler.ReportTtl("ttl", CheckStatus.Warning, "hello!"));
        Assert.Equal(("ttl", CheckStatus.Warning, "hello ... (captured 5 of 6 bytes)"), await NextResult());
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(29));
        await Settled();
        Assert.False(_results.Reader.TryRead(out _), "it expired too early");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("ttl", CheckStatus.Critical, "TTL expired (last output before timeout follows): hello ... (captured 5 of 6 bytes)"), await NextResult());
        Assert.NotNull(_scheduler.ReportTtl("ttl", CheckStatus.Passing, ""));
        Assert.Equal(CheckStatus.Passing, (await NextResult()).Status);
        await Settled();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(("ttl", CheckStatus.Critical, "TTL expired"), await NextResult());
    }

    [Fact]
    public void Only_TTL_checks_take_reports()
    {
        _scheduler.Start("c", Tcp);
        Assert.Null(_scheduler.ReportTtl("c", CheckStatus.Passing, ""));
        Assert.Null(_scheduler.ReportTtl("nope", CheckStatus.Passing, ""));
    }

    [Fact]
    public async Task Stopping_the_scheduler_waits_for_the_runs_under_way()
    {
        CheckScheduler scheduler = Create(new CheckSchedulerOptions());
        scheduler.Start();
        scheduler.Start("c", Tcp);
        await Settled(scheduler);
        _time.Advance(TimeSpan.FromSeconds(4));
        FakeRun run = await _probe.NextRun();
        Task stopped = scheduler.DisposeAsync().AsTask();
        await run.Cancelled;
        Assert.False(stopped.IsCompleted, "it did not wait for the run");
        run.End(CheckResult.Passing(""));
        await stopped.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(_results.Reader.TryRead(out _));
    }

    public ValueTask DisposeAsync()
    {
        _probe.EndAll();
        return _scheduler.DisposeAsync();
    }

    private CheckScheduler Create(CheckSchedulerOptions options) => new(
        "n1",
        options,
        new Dictionary<CheckKind, IProbe> { [CheckKind.Tcp] = _probe },
        (id, status, output) => _results.Writer.TryWrite((id, status, output)),
        remoteAliases: null,
        static max => max * 0.4,
        _time,
        NullLogger.Instance);

    private async Task<(string Id, CheckStatus Status, string Output)> NextResult()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        return await _results.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The loop has seen everything and has armed its timer again.</summary>
    private Task Settled(CheckScheduler? scheduler = null) => Until(() => _time.Armed > 0 && (scheduler ?? _scheduler).IsIdle, "the loop waits for its timer");

    private Task Idle() => Until(() => _scheduler.IsIdle, "the loop waits");

    private static async Task Until(Func<bool> condition, string what)
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"did not happen within 30 s: {what}");
            await Task.Yield();
        }
    }
}

/// <summary>A probe whose runs are ended by the test.</summary>
internal sealed class FakeProbe : IProbe
{
    private readonly System.Threading.Channels.Channel<FakeRun> _runs = System.Threading.Channels.Channel.CreateUnbounded<FakeRun>();
    private readonly List<FakeRun> _all = [];
    private int _running;

    public int Running => Volatile.Read(ref _running);

    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        Interlocked.Increment(ref _running);
        FakeRun run = new(check, stop);
        lock (_all)
        {
            _all.Add(run);
        }

        _runs.Writer.TryWrite(run);
        try
        {
            return await run.Result;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public async Task<FakeRun> NextRun()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        return await _runs.Reader.ReadAsync(limit.Token);
    }

    public void EndAll()
    {
        lock (_all)
        {
            _all.ForEach(static run => run.End(CheckResult.Passing("")));
        }
    }
}

internal sealed class FakeRun
{
    private readonly TaskCompletionSource<CheckResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeRun(CheckDefinition check, CancellationToken stop)
    {
        Check = check;
        stop.Register(() => _cancelled.TrySetResult());
    }

    public CheckDefinition Check { get; }

    public Task<CheckResult> Result => _result.Task;

    public Task Cancelled => _cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void End(CheckResult result) => _result.TrySetResult(result);

    public void Fail(Exception error) => _result.TrySetException(error);
}
