using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>Our pool and real serf agents in one pool, each seeing the other rightly.</summary>
public sealed class SerfInteropTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Serf's local profile, so that both sides have one pace.</summary>
    private static GossipPoolOptions Local(GossipPoolOptions options) => options with
    {
        Tags = GossipTags.From([new("role", "test"), new("dc", "dc1")]),
        Gossip = GossipOptions.Lan with
        {
            SuspicionMult = 3, ProbeTimeout = TimeSpan.FromMilliseconds(200), GossipInterval = TimeSpan.FromMilliseconds(100),
            LeavePropagateDelay = TimeSpan.FromSeconds(1), ReconnectInterval = TimeSpan.FromSeconds(1),
        },
    };

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    public async Task Each_side_sees_the_other_come_and_go_gracefully(bool compression, bool encrypted, bool weJoin)
    {
        List<string> flags = [];
        flags.AddRange(compression ? [] : ["-disable-compression"]);
        flags.AddRange(encrypted ? [$"-encrypt={Key}"] : []);
        await using RealSerf serf = await RealSerf.StartAsync("real", [.. flags, "-tag=kind=real"]);
        await using TestPool ours = await TestPool.StartAsync("ours", o => Local(o) with
        {
            EncryptKey = encrypted ? Convert.FromBase64String(Key) : default,
            Gossip = Local(o).Gossip with { Compression = compression },
        });

        if (weJoin)
        {
            Assert.Empty((await ours.JoinAsync(serf.Address)).Errors);
        }
        else
        {
            (int exitCode, string output) = await serf.CommandAsync("join", ours.Address);
            Assert.True(exitCode == 0, output);
        }

        await ours.WaitForStatusAsync("real", MemberStatus.Alive);
        await serf.UntilStatusAsync("ours", "alive");
        Assert.Equal("real", ours.Pool.Members.Find("real")!.Tag("kind"));
        Assert.Equal("test", (await serf.MemberAsync("ours"))!["tags"]!["role"]!.GetValue<string>());
        Assert.Equal(ours.Address, (await serf.MemberAsync("ours"))!["addr"]!.GetValue<string>());
        await ours.WaitForAsync(() => ours.Pool.CoordinateOf("real") is not null || ours.Pool.Members.Count == 2, "both");

        await ours.Pool.LeaveAsync(Cancellation);
        await serf.UntilStatusAsync("ours", "left");
        Assert.False(serf.HasLogged("EventMemberFailed: ours"), serf.Log);
        Assert.False(serf.HasLogged("[ERR]"), serf.Log);
    }

    [Fact]
    public async Task We_see_a_serf_agent_leave_and_another_fail()
    {
        await using RealSerf leaver = await RealSerf.StartAsync("leaver");
        await using RealSerf victim = await RealSerf.StartAsync("victim");
        await using TestPool ours = await TestPool.StartAsync("ours", Local);
        await ours.JoinAsync(leaver.Address, victim.Address);
        await leaver.UntilStatusAsync("victim", "alive");
        await ours.WaitForAsync(() => ours.Pool.Members.Count == 3, "both serf agents");

        await leaver.CommandAsync("leave");
        await ours.WaitForStatusAsync("leaver", MemberStatus.Left);
        await victim.KillAsync();
        await ours.WaitForStatusAsync("victim", MemberStatus.Failed);

        Assert.True(await ours.Pool.ForceLeaveAsync("victim", prune: false, Cancellation));
        Assert.Equal(MemberStatus.Left, ours.StatusOf("victim"));
    }

    [Fact]
    public async Task Serf_sees_us_fail_when_we_vanish_and_alive_again_when_we_return()
    {
        await using RealSerf serf = await RealSerf.StartAsync("real");
        await using TestPool ours = await TestPool.StartAsync("ours", Local);
        await ours.JoinAsync(serf.Address);
        await serf.UntilStatusAsync("ours", "alive");
        ushort port = ours.Pool.LocalMember.Port;
        await ours.Pool.ShutdownAsync();

        await serf.UntilStatusAsync("ours", "failed");
        await using TestPool again = await TestPool.StartAsync("ours", o => Local(o) with { BindPort = port });
        await again.JoinAsync(serf.Address);

        await serf.UntilStatusAsync("ours", "alive");
        (int exitCode, string output) = await serf.CommandAsync("tags", "-set", "color=blue");
        Assert.True(exitCode == 0, output);
        await again.WaitForAsync(() => again.Pool.Members.Find("real")?.Tag("color") == "blue", "serf's new tag");
        await again.Pool.SetTagsAsync(GossipTags.From([new("color", "red")]), Cancellation);
        await serf.UntilAsync(async () => (await serf.MemberAsync("ours"))?["tags"]?["color"]?.GetValue<string>() == "red", "our new tag");
    }

    [Fact]
    public async Task Events_cross_in_both_directions_and_serfs_queries_are_answered()
    {
        await using RealSerf serf = await RealSerf.StartAsync("real");
        await using RealSerf second = await RealSerf.StartAsync("second");
        await using TestPool ours = await TestPool.StartAsync("ours", Local);
        await ours.JoinAsync(serf.Address, second.Address);
        await serf.UntilStatusAsync("ours", "alive");
        await second.UntilStatusAsync("ours", "alive");

        await serf.CommandAsync("event", "-coalesce=false", "deploy", "v1");
        await ours.WaitForAsync(() => ours.Events.OfType<UserEventReceived>().Any(e => e.Name == "deploy"), "serf's event");
        await ours.Pool.SendUserEventAsync("restart", "now"u8.ToArray(), coalesce: false, Cancellation);
        await serf.UntilAsync(() => Task.FromResult(serf.HasLogged("user: restart") || serf.HasLogged("restart")), "our event");

        (int exitCode, string reachable) = await serf.CommandAsync("reachability", "-verbose");
        Assert.True(exitCode == 0, reachable + serf.Log);
        Assert.Contains("Ack from 'ours'", reachable);
        Assert.Contains("Successfully contacted all live nodes", reachable);

        // Relayed answers pass through the other two: we relay for them as well.
        (exitCode, string query) = await serf.CommandAsync("query", "-relay-factor=2", "load");
        Assert.True(exitCode == 0, query);
        Assert.Contains("Ack from 'ours'", query);
        Assert.Contains("Total Acks: 3", query);
    }

    [Fact]
    public async Task Keys_are_rotated_from_either_side()
    {
        string second = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);
        string third = Convert.ToBase64String([.. Enumerable.Repeat((byte)8, 16)]);
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string serfRing = Path.Combine(folder, "serf.keyring");
        string ourRing = Path.Combine(folder, "our.keyring");
        await File.WriteAllTextAsync(serfRing, $"[\"{Key}\"]", Cancellation);
        await using RealSerf serf = await RealSerf.StartAsync("real", $"-keyring-file={serfRing}");
        await using TestPool ours = await TestPool.StartAsync(
            "ours", o => Local(o) with { EncryptKey = Convert.FromBase64String(Key), KeyringFile = ourRing });
        await ours.JoinAsync(serf.Address);
        await serf.UntilStatusAsync("ours", "alive");
        await ours.WaitForStatusAsync("real", MemberStatus.Alive);

        foreach (string[] command in new[] { new[] { "-install", second }, ["-use", second], ["-remove", Key] })
        {
            (int exitCode, string output) = await serf.CommandAsync("keys", command);
            Assert.True(exitCode == 0, $"{command[0]}: {output}\n{serf.Log}\n{string.Join('\n', ours.LogLines)}");
        }

        Assert.Equal([second], ours.Pool.LocalKeys);
        (_, string listed) = await serf.CommandAsync("keys", "-list");
        Assert.Contains($"{second}  [2/2]", listed);

        KeyringAnswer install = await ours.Pool.InstallKeyAsync(third, relayFactor: 0, Cancellation);
        KeyringAnswer use = await ours.Pool.UseKeyAsync(third, relayFactor: 0, Cancellation);
        KeyringAnswer remove = await ours.Pool.RemoveKeyAsync(second, relayFactor: 0, Cancellation);
        KeyringAnswer list = await ours.Pool.ListKeysAsync(relayFactor: 0, Cancellation);

        Assert.All([install, use, remove, list], answer => Assert.Null(answer.Error));
        Assert.Equal([new(third, 2)], list.Keys);
        Assert.Contains(third, await File.ReadAllTextAsync(serfRing, Cancellation));
        Assert.Contains(third, await File.ReadAllTextAsync(ourRing, Cancellation));
        Assert.Equal(MemberStatus.Alive, ours.StatusOf("real"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Snapshot_that_serf_wrote_is_read_by_us_and_ours_by_serf()
    {
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string snapshot = Path.Combine(folder, "snapshot");
        await using RealSerf anchor = await RealSerf.StartAsync("anchor");
        await using (RealSerf writer = await RealSerf.StartAsync("writer", $"-snapshot={snapshot}"))
        {
            await writer.CommandAsync("join", anchor.Address);
            await anchor.UntilStatusAsync("writer", "alive");
            await writer.UntilAsync(
                async () =>
                {
                    // Serf keeps lines back until it writes another one; an event makes it write.
                    await writer.CommandAsync("event", "nudge");
                    return (await File.ReadAllTextAsync(snapshot, Cancellation)).Contains("alive: anchor");
                },
                "serf's snapshot to hold the anchor");
        }

        await using (TestPool ours = await TestPool.StartAsync("ours", o => Local(o) with { SnapshotFile = snapshot }))
        {
            await ours.WaitForStatusAsync("anchor", MemberStatus.Alive);
            await anchor.UntilStatusAsync("ours", "alive");
        }

        await using RealSerf reader = await RealSerf.StartAsync("reader", $"-snapshot={snapshot}");
        await reader.UntilStatusAsync("anchor", "alive");
        Assert.True(reader.HasLogged("Re-joined to previously known node"), reader.Log);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Wrong_key_is_refused_in_the_same_words_on_both_sides()
    {
        string other = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);
        await using RealSerf serf = await RealSerf.StartAsync("real", $"-encrypt={Key}");
        await using TestPool ours = await TestPool.StartAsync("ours", o => Local(o) with { EncryptKey = Convert.FromBase64String(other) });
        await using TestPool naked = await TestPool.StartAsync("naked", Local);

        JoinResult ourJoin = await ours.JoinAsync(serf.Address);
        JoinResult nakedJoin = await naked.JoinAsync(serf.Address);
        (int exitCode, string serfJoin) = await serf.CommandAsync("join", ours.Address);
        (int nakedExitCode, string serfNakedJoin) = await serf.CommandAsync("join", naked.Address);

        Assert.NotEqual(0, exitCode);
        Assert.NotEqual(0, nakedExitCode);
        string ourError = Assert.Single(ourJoin.Errors);
        Assert.Equal("Failed to join 127.0.0.1: No installed keys could decrypt the message", ourError);
        Assert.Contains(ourError, serfJoin);
        Assert.Contains("Encryption is configured but remote state is not encrypted", serfNakedJoin);
        Assert.Equal("Failed to join 127.0.0.1: Remote state is encrypted and encryption is not configured", Assert.Single(nakedJoin.Errors));
    }
}
