using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Tests;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>Duties that gather for a while and then write once: tombstones and coordinates.</summary>
public sealed class CollectorTests
{
    private readonly ManualTime _time = new();
    private readonly StoreLog _log = new();

    [Fact]
    public async Task Traces_of_deleted_keys_go_after_a_quarter_of_an_hour_in_one_write_per_half_minute()
    {
        using var reign = new CancellationTokenSource();
        Task running = new TombstoneCollector(_log.Store, _log, _time, Metrics.New().Leader).RunAsync(reign.Token);
        Delete("a", "b", "c");
        await AdvanceAsync(TimeSpan.FromSeconds(30));
        Delete("d");
        for (int i = 0; i < 29; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(30));
        }

        // 15 minutes after the first deletions nothing was reaped: prefix indexes still hold.
        Assert.Empty(_log.Applied.OfType<TombstoneCommand>());
        Assert.NotEqual(0UL, _log.Store.Current.TombstoneIndexMax());
        for (int i = 0; i < 4; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(30));
        }

        await Eventually.TrueAsync(() => _log.Applied.OfType<TombstoneCommand>().Count() == 2, "both bins are reaped");
        Assert.Equal(0UL, _log.Store.Current.TombstoneIndexMax());
        Assert.True(_log.Applied.OfType<TombstoneCommand>().First().ReapIndex < _log.Applied.OfType<TombstoneCommand>().Last().ReapIndex);
        await reign.EndAsync(running);
    }

    [Fact]
    public async Task Of_each_node_the_newest_coordinate_is_stored_once_per_period_in_bounded_batches()
    {
        using var reign = new CancellationTokenSource();
        var batcher = new CoordinateBatcher(_log, TimeSpan.FromSeconds(5), _time);
        batcher.Update(At("from an earlier reign", 1));
        Task running = batcher.RunAsync(reign.Token);
        await ArmedAsync();
        for (int i = 0; i < 1000; i++)
        {
            batcher.Update(At($"n{i:D4}", i));
            batcher.Update(At($"n{i % 100:D4}", 9000));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => _log.Applied.Count == 5, "five batches are stored");
        await ArmedAsync();
        List<CoordinateCommand> batches = [.. _log.Applied.Cast<CoordinateCommand>()];
        Assert.All(batches, batch => Assert.InRange(batch.Updates.Count, 1, 128));
        List<CoordinateRecord> stored = [.. batches.SelectMany(b => b.Updates)];
        Assert.Equal(640, stored.Count);
        Assert.Equal(stored.Select(c => c.Node).Order(StringComparer.Ordinal), stored.Select(c => c.Node));
        Assert.All(stored.Take(100), c => Assert.Equal(9000, c.Vec[0]));
        Assert.DoesNotContain("from an earlier reign", stored.Select(c => c.Node));
        _time.Advance(TimeSpan.FromSeconds(5));
        await ArmedAsync();
        Assert.Equal(5, _log.Applied.Count);

        // Who came too late for one period is first in the next, whatever its name.
        batcher.Update(At("zzz", 1));
        _time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => _log.Applied.Count == 6, "the next period stores again");
        await reign.EndAsync(running);
    }

    private static CoordinateRecord At(string node, double x) => new() { Node = node, Vec = [x, 0, 0, 0, 0, 0, 0, 0] };

    private void Delete(params string[] keys)
    {
        foreach (string key in keys)
        {
            _log.Apply(new KvCommand(KvVerb.Set, new KvRecord { Key = key, Value = [1] }));
            _log.Apply(new KvCommand(KvVerb.Delete, new KvRecord { Key = key }));
        }
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        await ArmedAsync();
        _time.Advance(by);
        await ArmedAsync();
    }

    private Task ArmedAsync() => Eventually.TrueAsync(() => _time.Armed == 1, "the duty waits");
}
