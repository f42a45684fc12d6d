using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Tests.Membership;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gossip-").FullName;
    private readonly CollectingLogger<SnapshotFile> _log = new();

    private string FilePath => Path.Combine(_folder, "serf", "local.snapshot");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task File_that_is_mostly_history_is_written_anew()
    {
        await using (SnapshotFile file = Open(out SnapshotState first))
        {
            Assert.Empty(first.AliveMembers);
            for (int i = 0; i < 5_000; i++)
            {
                file.Append(new AppendSnapshot($"alive: n{i % 10} 10.0.0.{i % 10}:8301", Flush: false));
                file.Append(new AppendSnapshot($"clock: {i}", Flush: false));
                if (i % 1_000 == 0)
                {
                    // Gives the writer its turn: it takes lines in bundles, and looks at the size after each.
                    await WaitForAsync(() => File.ReadAllText(FilePath).Contains($"clock: {i}\n"));
                }
            }
        }

        Assert.InRange(new FileInfo(FilePath).Length, 1, 128 * 1024);
        await using SnapshotFile again = Open(out SnapshotState state);
        Assert.Equal(10, state.AliveMembers.Count);
        Assert.Equal(4_999UL, state.Clock);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("rror"));
    }

    [Fact]
    public async Task Leave_is_remembered_according_to_the_setting()
    {
        await using (SnapshotFile file = Open(out _))
        {
            file.Append(new AppendSnapshot("alive: n1 10.0.0.1:8301", Flush: false));
            file.Append(new AppendSnapshot("leave", Flush: true));
        }

        await using (SnapshotFile.Open(FilePath, rejoinAfterLeave: false, TimeProvider.System, _log, out SnapshotState gone))
        {
            Assert.Empty(gone.AliveMembers);
        }

        await using (SnapshotFile.Open(FilePath, rejoinAfterLeave: true, TimeProvider.System, _log, out SnapshotState back))
        {
            Assert.Single(back.AliveMembers);
        }
    }

    [Fact]
    public async Task Lines_that_make_no_sense_are_reported_and_skipped()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        await File.WriteAllTextAsync(FilePath, "nonsense\nclock: 4\n", TestContext.Current.CancellationToken);

        await using SnapshotFile file = Open(out SnapshotState state);

        Assert.Equal(4UL, state.Clock);
        Assert.Contains(_log.Lines, line => line.Contains("1 unrecognized lines"));
    }

    [Fact]
    public void Snapshot_that_cannot_be_opened_is_a_failure_to_start()
    {
        Directory.CreateDirectory(FilePath);

        GossipStartException refused = Assert.Throws<GossipStartException>(() => Open(out _));

        Assert.StartsWith("failed to open snapshot: ", refused.Message);
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        // The file is written by a task of its own, half a second later; only the file itself tells.
        for (int i = 0; i < 500 && !condition(); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    private SnapshotFile Open(out SnapshotState previous) =>
        SnapshotFile.Open(FilePath, rejoinAfterLeave: false, TimeProvider.System, _log, out previous);
}
