using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Checks;

public sealed class RemoteAliasTests
{
    private static readonly CheckDefinition Alias = new() { Name = "a", AliasNode = "n2", AliasService = "web", Token = "t" };

    [Fact]
    public async Task It_follows_the_index_and_begins_anew_when_it_goes_back()
    {
        Script script = new(
            new RemoteNodeHealth(7, [new WatchedCheck("c", CheckStatus.Critical, "bad")], ServiceExists: true),
            new RemoteNodeHealth(9, [new WatchedCheck("c", CheckStatus.Passing, "")], ServiceExists: true),
            new RemoteNodeHealth(3, [], ServiceExists: true),
            new RemoteNodeHealth(4, [], ServiceExists: false));
        List<CheckResult> results = [];
        await script.RunAsync(results.Add);
        Assert.Equal(["n2 web t 0", "n2 web t 7", "n2 web t 9", "n2 web t 0", "n2 web t 4"], script.Questions);
        Assert.Equal(
            [CheckResult.Critical("Aliased check \"c\" failing: bad"), CheckResult.Passing("All checks passing."), CheckResult.Passing("No checks found."), CheckResult.Critical("Service web could not be found on node n2")],
            results);
    }

    [Fact]
    public async Task Failures_are_shown_only_when_they_last_and_the_pauses_grow()
    {
        ManualTime time = new();
        Script script = new(new RemoteHealthException("No cluster leader"), new RemoteHealthException("x"), new RemoteHealthException("x"), new RemoteHealthException("No cluster leader"),
            new RemoteNodeHealth(1, [], ServiceExists: true));
        List<CheckResult> results = [];
        Task run = script.RunAsync(results.Add, time);
        foreach (int seconds in new[] { 3, 6, 12, 24 })
        {
            while (time.Armed == 0)
            {
                await Task.Yield();
            }

            Assert.Equal(TimeSpan.FromSeconds(seconds), time.NextDue);
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await run.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([CheckResult.Critical("Failure checking aliased node or service: No cluster leader"), CheckResult.Passing("No checks found.")], results);
    }

    /// <summary>Answers in order; after the last one the watch is stopped.</summary>
    private sealed class Script(params object[] answers) : IRemoteNodeHealth
    {
        private readonly CancellationTokenSource _stop = new();

        public List<string> Questions { get; } = [];

        public async Task RunAsync(Action<CheckResult> report, TimeProvider? time = null) => await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new RemoteAliasRunner(this, time ?? TimeProvider.System).WatchAsync(Alias, report, _stop.Token));

        public async ValueTask<RemoteNodeHealth> ReadAsync(string node, string serviceId, string token, ulong minIndex, CancellationToken stop)
        {
            Questions.Add($"{node} {serviceId} {token} {minIndex}");
            if (Questions.Count > answers.Length)
            {
                await _stop.CancelAsync();
                stop.ThrowIfCancellationRequested();
            }

            return answers[Questions.Count - 1] switch
            {
                RemoteNodeHealth health => health,
                Exception error => throw error,
                _ => throw new InvalidOperationException(),
            };
        }
    }
}
