using System.Diagnostics;
using System.Globalization;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>
/// What thousands of checks cost. Not part of the usual run: <c>-explicit only -method *LoadMeasurement*</c>, with
/// K8SCONSUL_LOAD_TARGET naming an HTTP server (<c>host:port</c>) in another process, whose work is then not counted.
/// </summary>
public sealed class LoadMeasurement(ITestOutputHelper output)
{
    private const int Checks = 5000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact(Explicit = true)]
    public async Task Five_thousand_checks_every_ten_seconds()
    {
        string? target = Environment.GetEnvironmentVariable("K8SCONSUL_LOAD_TARGET");
        Assert.True(target is not null, "K8SCONSUL_LOAD_TARGET names no target");
        using LocalState state = new(new LocalStateOptions("n1", TimeSpan.FromMinutes(5)), TimeProvider.System, RandomStagger);
        long results = 0;
        long failures = 0;
        await using CheckScheduler scheduler = new(
            "n1",
            new CheckSchedulerOptions(),
            CheckScheduler.StandardProbes(ProbeTls.System, TimeProvider.System),
            (id, status, text) =>
            {
                Interlocked.Increment(ref results);
                if (status != CheckStatus.Passing)
                {
                    Interlocked.Increment(ref failures);
                }

                state.UpdateCheck(id, status, text);
            },
            remoteAliases: null,
            RandomStagger,
            TimeProvider.System,
            NullLogger.Instance);
        scheduler.Start();
        for (int i = 0; i < Checks; i++)
        {
            CheckDefinition check = i % 2 == 0
                ? new CheckDefinition { Id = $"c{i}", Name = $"c{i}", Tcp = target, Interval = Interval }
                : new CheckDefinition { Id = $"c{i}", Name = $"c{i}", Http = $"http://{target}/", Interval = Interval };
            state.PutCheck(new LocalCheck { Id = check.Id, Name = check.Name, Definition = check, Source = RegistrationSource.Api });
            scheduler.Start(check.Id, check);
        }

        // The first round compiles the code and spreads the checks; then two whole rounds are counted.
        await Task.Delay(Interval + TimeSpan.FromSeconds(2));
        Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long before = Interlocked.Read(ref results);
        Stopwatch watch = Stopwatch.StartNew();
        int threads = 0;
        while (watch.Elapsed < Interval * 2)
        {
            await Task.Delay(500);
            self.Refresh();
            threads = Math.Max(threads, self.Threads.Count);
        }

        self.Refresh();
        double seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Checks} checks every {Interval.TotalSeconds} s: {(Interlocked.Read(ref results) - before) / seconds:0} results/s ({failures} not passing), CPU {100 * (self.TotalProcessorTime - cpu).TotalSeconds / seconds:0.0} % of one core, at most {threads} threads, working set {self.WorkingSet64 / 1048576} MiB, managed heap {GC.GetTotalMemory(forceFullCollection: false) / 1048576} MiB"));
        Assert.True(Interlocked.Read(ref results) - before > Checks * 1.8, "the checks did not keep their interval");
    }

    private static TimeSpan RandomStagger(TimeSpan max) => max * Random.Shared.NextDouble();
}
