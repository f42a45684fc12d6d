using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>Pools of ours with each other, over real sockets.</summary>
public sealed class GossipPoolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_pools_that_join_see_each_other_and_part_gracefully()
    {
        await using TestPool a = await TestPool.StartAsync("a", o => o with { Tags = GossipTags.From([new("role", "x")]) });
        await using TestPool b = await TestPool.StartAsync("b");

        JoinResult joined = await b.JoinAsync(a.Address);

        Assert.Equal((1, 0), (joined.Contacted, joined.Errors.Count));
        await a.WaitForStatusAsync("b", MemberStatus.Alive);
        await b.WaitForStatusAsync("a", MemberStatus.Alive);
        Assert.Equal("x", b.Pool.Members.Find("a")!.Tag("role"));
        Assert.Equal((1, 5, 2, 2, 5, 4), Versions(b.Pool.Members.Find("a")!));
        await b.Pool.LeaveAsync(Cancellation);
        await a.WaitForStatusAsync("b", MemberStatus.Left);
        await a.WaitForAsync(() => a.EventsOf("b").Count == 2, "two events about b");
        Assert.Equal([MemberEventKind.Join, MemberEventKind.Leave], a.EventsOf("b"));
    }

    [Fact]
    public async Task Member_that_vanishes_is_failed_and_can_be_forced_to_left_and_pruned()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        await using TestPool c = await TestPool.StartAsync("c");
        await b.JoinAsync(a.Address);
        await c.JoinAsync(a.Address);
        await b.WaitForStatusAsync("c", MemberStatus.Alive);
        await b.Pool.ShutdownAsync();
        await a.WaitForStatusAsync("b", MemberStatus.Failed);
        await c.WaitForStatusAsync("b", MemberStatus.Failed);

        Assert.False(await a.Pool.ForceLeaveAsync("nobody", prune: false, Cancellation));
        Assert.True(await a.Pool.ForceLeaveAsync("b", prune: false, Cancellation));

        Assert.Equal(MemberStatus.Left, a.StatusOf("b"));
        await c.WaitForStatusAsync("b", MemberStatus.Left);
        Assert.True(await a.Pool.ForceLeaveAsync("b", prune: true, Cancellation));
        await a.WaitForStatusAsync("b", MemberStatus.None);
        await c.WaitForStatusAsync("b", MemberStatus.None);
    }

    [Fact]
    public async Task Port_that_is_taken_is_reported_in_Gos_words()
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        GossipStartException refused = await Assert.ThrowsAsync<GossipStartException>(
            () => TestPool.StartAsync("a", o => o with { BindPort = (ushort)port }));

        Assert.Equal(
            $"Failed to create memberlist: Could not set up network transport: failed to obtain an address: Failed to start TCP listener on \"127.0.0.1\" port {port}: listen tcp 127.0.0.1:{port}: bind: address already in use",
            refused.Message);
    }

    [Fact]
    public async Task Join_errors_are_Consuls()
    {
        await using TestPool a = await TestPool.StartAsync("a");

        JoinResult one = await a.JoinAsync("127.0.0.1:1");
        JoinResult two = await a.JoinAsync("127.0.0.1:1", "no-such-host.invalid");
        JoinResult empty = await a.JoinAsync(string.Empty);

        Assert.Equal("1 error occurred:\n\t* Failed to join 127.0.0.1: dial tcp 127.0.0.1:1: connect: connection refused\n\n", one.ErrorText);
        Assert.StartsWith("2 errors occurred:\n\t* Failed to join 127.0.0.1: dial tcp", two.ErrorText);
        Assert.Contains("\n\t* Failed to resolve no-such-host.invalid: lookup no-such-host.invalid", two.ErrorText);
        Assert.Equal("1 error occurred:\n\t* Failed to resolve : lookup : no such host\n\n", empty.ErrorText);
    }

    [Fact]
    public async Task One_address_that_works_makes_the_join_a_success()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");

        JoinResult joined = await b.JoinAsync("127.0.0.1:1", "a/" + a.Address);

        Assert.Equal((1, 1), (joined.Contacted, joined.Errors.Count));
        Assert.Empty(joined.ErrorText);
        await a.WaitForStatusAsync("b", MemberStatus.Alive);
    }

    [Fact]
    public async Task Tags_can_be_changed_and_are_limited()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        await b.JoinAsync(a.Address);

        await b.Pool.SetTagsAsync(GossipTags.From([new("version", "2")]), Cancellation);

        await a.WaitForAsync(() => a.Pool.Members.Find("b")?.Tag("version") == "2", "the new tag");
        await a.WaitForAsync(() => a.EventsOf("b").Contains(MemberEventKind.Update), "the update of b");
        GossipException tooLong = await Assert.ThrowsAsync<GossipException>(
            () => b.Pool.SetTagsAsync(GossipTags.From([new("k", new string('x', 600))]), Cancellation));
        Assert.Equal("Encoded length of tags exceeds limit of 512 bytes", tooLong.Message);
        Assert.Equal("2", b.Pool.LocalMember.Tag("version"));
    }

    [Fact]
    public async Task User_event_reaches_everybody_once_and_newcomers_as_well()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        await b.JoinAsync(a.Address);

        await a.Pool.SendUserEventAsync("deploy", "v1"u8.ToArray(), coalesce: false, Cancellation);

        await b.WaitForAsync(() => b.Events.OfType<UserEventReceived>().Any(), "the event at b");
        await a.WaitForAsync(() => a.Events.OfType<UserEventReceived>().Any(), "the event at its sender");
        await using TestPool late = await TestPool.StartAsync("late");
        await using TestPool deaf = await TestPool.StartAsync("deaf");
        await deaf.Pool.JoinAsync([a.Address], ignoreOldEvents: true, Cancellation);
        await late.JoinAsync(b.Address);
        await late.WaitForAsync(() => late.Events.OfType<UserEventReceived>().Any(), "the event at the newcomer");
        await deaf.WaitForStatusAsync("late", MemberStatus.Alive);
        Assert.DoesNotContain(deaf.Events, e => e is UserEventReceived);
        UserEventReceived received = b.Events.OfType<UserEventReceived>().Single();
        Assert.Equal(("deploy", "v1"), (received.Name, System.Text.Encoding.UTF8.GetString(received.Payload.AsSpan())));
        GossipException tooLong = await Assert.ThrowsAsync<GossipException>(
            () => a.Pool.SendUserEventAsync("deploy", new byte[600], coalesce: false, Cancellation));
        Assert.Equal("user event exceeds configured limit of 512 bytes before encoding", tooLong.Message);
    }

    [Fact]
    public async Task Coordinates_are_learnt_from_probes()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        await b.JoinAsync(a.Address);

        await a.WaitForStatusAsync("b", MemberStatus.Alive);
        while (a.Pool.CoordinateOf("b") is null)
        {
            // The next probe is at most 100 ms away and brings the coordinate; nothing tells of its arrival.
            await Task.Delay(20, Cancellation);
        }

        Assert.NotEqual(Coordinate.Initial, a.Pool.Coordinate);
    }

    [Fact]
    public async Task Restarted_pool_finds_its_members_again_from_the_snapshot_unless_it_had_left()
    {
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string snapshot = Path.Combine(folder, "serf", "local.snapshot");
        await using TestPool a = await TestPool.StartAsync("a");
        await using (TestPool b = await TestPool.StartAsync("b", o => o with { SnapshotFile = snapshot }))
        {
            await b.JoinAsync(a.Address);
            await b.WaitForStatusAsync("a", MemberStatus.Alive);
        }

        Assert.Contains($"alive: a {a.Address}", await File.ReadAllLinesAsync(snapshot, Cancellation));
        await using (TestPool again = await TestPool.StartAsync("b2", o => o with { SnapshotFile = snapshot }))
        {
            await again.WaitForStatusAsync("a", MemberStatus.Alive);
            await again.Pool.LeaveAsync(Cancellation);
        }

        Assert.Contains("leave", await File.ReadAllLinesAsync(snapshot, Cancellation));
        await using TestPool gone = await TestPool.StartAsync("b3", o => o with { SnapshotFile = snapshot });
        Assert.DoesNotContain(gone.LogLines, line => line.Contains("Attempting re-join"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Half_written_last_line_of_a_snapshot_is_cut_off()
    {
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string snapshot = Path.Combine(folder, "local.snapshot");
        await File.WriteAllTextAsync(snapshot, "clock: 7\nevent-clock: 3\nalive: x 127.0.", Cancellation);
        await using (TestPool a = await TestPool.StartAsync("a", o => o with { SnapshotFile = snapshot }))
        {
            Assert.Equal(8UL, a.Pool.Stats.MemberTime);
            Assert.Equal(4UL, a.Pool.Stats.EventTime);
        }

        string[] lines = await File.ReadAllLinesAsync(snapshot, Cancellation);
        Assert.Equal(["clock: 7", "event-clock: 3"], lines.Take(2));
        Assert.StartsWith("alive: a 127.0.0.1:", lines[2]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Keyring_is_kept_in_a_private_file_and_rotated_in_all_members()
    {
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string file = Path.Combine(folder, "serf", "local.keyring");
        byte[] first = [.. Enumerable.Repeat((byte)1, 32)];
        string second = Convert.ToBase64String([.. Enumerable.Repeat((byte)2, 32)]);
        await using TestPool a = await TestPool.StartAsync("a", o => o with { EncryptKey = first, KeyringFile = file });
        await using TestPool b = await TestPool.StartAsync("b", o => o with { EncryptKey = first });
        await b.JoinAsync(a.Address);
        await a.WaitForStatusAsync("b", MemberStatus.Alive);
        await b.WaitForStatusAsync("a", MemberStatus.Alive);
        Assert.True(a.Pool.Encrypted);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        KeyringAnswer installed = await b.Pool.InstallKeyAsync(second, relayFactor: 0, Cancellation);
        KeyringAnswer used = await b.Pool.UseKeyAsync(second, relayFactor: 1, Cancellation);
        KeyringAnswer removedPrimary = await b.Pool.RemoveKeyAsync(second, relayFactor: 0, Cancellation);
        KeyringAnswer removed = await b.Pool.RemoveKeyAsync(Convert.ToBase64String(first), relayFactor: 0, Cancellation);
        KeyringAnswer listed = await a.Pool.ListKeysAsync(relayFactor: 0, Cancellation);
        KeyringAnswer noKey = await a.Pool.InstallKeyAsync("AAAA", relayFactor: 0, Cancellation);

        Assert.All([installed, used, removed, listed], answer => Assert.Null(answer.Error));
        Assert.Equal("2/2 nodes reported failure", removedPrimary.Error);
        Assert.All(removedPrimary.Messages.Values, text => Assert.Equal("Removing the primary key is not allowed", text));
        Assert.Equal([new(second, 2)], listed.Keys);
        Assert.Equal([new(second, 2)], listed.PrimaryKeys);
        Assert.All(noKey.Messages.Values, text => Assert.Equal("key size must be 16, 24 or 32 bytes", text));
        Assert.Contains(second, await File.ReadAllTextAsync(file, Cancellation));
        Assert.DoesNotContain(Convert.ToBase64String(first), await File.ReadAllTextAsync(file, Cancellation));
        await Assert.ThrowsAsync<GossipException>(() => a.Pool.InstallKeyAsync("!", relayFactor: 0, Cancellation));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Existing_keyring_file_wins_over_the_configured_key()
    {
        string folder = Directory.CreateTempSubdirectory("gossip-").FullName;
        string file = Path.Combine(folder, "local.keyring");
        string[] keys = [Convert.ToBase64String(new byte[16]), Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 16)])];
        await File.WriteAllTextAsync(file, $"[\"{keys[0]}\",\"{keys[1]}\"]", Cancellation);

        await using TestPool a = await TestPool.StartAsync("a", o => o with { EncryptKey = new byte[32], KeyringFile = file });

        Assert.Equal(keys, a.Pool.LocalKeys);
        await File.WriteAllTextAsync(file, "[]", Cancellation);
        KeyringException empty = await Assert.ThrowsAsync<KeyringException>(() => TestPool.StartAsync("b", o => o with { KeyringFile = file }));
        Assert.Equal($"no keys present in keyring: {file}", empty.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Strangers_without_the_key_are_kept_out_and_told_why()
    {
        await using TestPool a = await TestPool.StartAsync("a", o => o with { EncryptKey = new byte[16] });
        await using TestPool other = await TestPool.StartAsync("other", o => o with { EncryptKey = new byte[32] });
        await using TestPool naked = await TestPool.StartAsync("naked");

        JoinResult wrongKey = await other.JoinAsync(a.Address);
        JoinResult noKey = await naked.JoinAsync(a.Address);

        Assert.Equal("Failed to join 127.0.0.1: No installed keys could decrypt the message", Assert.Single(wrongKey.Errors));
        Assert.Equal("Failed to join 127.0.0.1: Remote state is encrypted and encryption is not configured", Assert.Single(noKey.Errors));
        Assert.Contains(a.LogLines, line => line.Contains("failed to receive: No installed keys could decrypt the message"));
        Assert.Equal(1, a.Pool.Members.Count);
    }

    [Fact]
    public async Task Merge_rule_refuses_a_pool_of_another_datacenter()
    {
        static GossipPoolOptions In(GossipPoolOptions o, string datacenter, string id) => o with
        {
            Tags = new ConsulTags { Datacenter = datacenter, NodeId = id, Build = "1.8.7:" }.ForClient(),
            MergeRule = ConsulMergeRules.Lan(datacenter, id, o.Name),
        };
        await using TestPool a = await TestPool.StartAsync("a", o => In(o, "dc1", "0001"));
        await using TestPool b = await TestPool.StartAsync("b", o => In(o, "dc2", "0002"));
        await using TestPool twin = await TestPool.StartAsync("twin", o => In(o, "dc1", "0001"));

        Assert.Equal("Failed to join 127.0.0.1: Member 'a' part of wrong datacenter 'dc1'", Assert.Single((await b.JoinAsync(a.Address)).Errors));
        Assert.Equal(
            "Failed to join 127.0.0.1: Member 'a' has conflicting node ID '0001' with this agent's ID",
            Assert.Single((await twin.JoinAsync(a.Address)).Errors));
        Assert.Equal(1, a.Pool.Members.Count);
    }

    [Fact]
    public async Task Network_outside_the_allowed_ones_stays_outside()
    {
        await using TestPool a = await TestPool.StartAsync("a", o => o with { AllowedCidrs = [IPNetwork.Parse("127.0.0.1/32")] });
        await using TestPool b = await TestPool.StartAsync("b", o => o with { BindAddress = IPAddress.Parse("127.0.0.2") });
        await using TestPool c = await TestPool.StartAsync("c");

        await b.JoinAsync(a.Address);
        await c.JoinAsync(a.Address);

        await a.WaitForStatusAsync("c", MemberStatus.Alive);
        Assert.Equal(MemberStatus.None, a.StatusOf("b"));
        Assert.Contains(a.LogLines, line => line.Contains("Rejected node b (127.0.0.2:"));
    }

    [Fact]
    public async Task Pools_meet_over_IPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        await using TestPool a = await TestPool.StartAsync("a", o => o with { BindAddress = IPAddress.IPv6Loopback });
        await using TestPool b = await TestPool.StartAsync(
            "b", o => o with { BindAddress = IPAddress.IPv6Any, AdvertiseAddress = IPAddress.IPv6Loopback });
        await using TestPool four = await TestPool.StartAsync("four");

        Assert.Empty((await b.JoinAsync(a.Address)).Errors);

        await a.WaitForStatusAsync("b", MemberStatus.Alive);
        Assert.StartsWith("[::1]:", a.Address);

        // The dual-mode socket reaches IPv4 members as well, and takes their packets for what they are.
        Assert.Empty((await b.JoinAsync(four.Address)).Errors);
        Assert.Equal(IPAddress.Loopback, b.Pool.Members.Find("four")!.Ip);
    }

    /// <summary>An IPv4 socket cannot send there; the member is then simply not reached.</summary>
    [Fact]
    public async Task Address_of_the_other_family_is_survived()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b", o => o with { AdvertiseAddress = IPAddress.Parse("2001:db8::1") });

        await b.JoinAsync(a.Address);

        await a.WaitForStatusAsync("b", MemberStatus.Failed);
    }

    [Fact]
    public async Task Shutdown_is_quick_can_be_repeated_and_ends_what_waits()
    {
        TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        await a.JoinAsync(b.Address);
        Task leave = a.Pool.LeaveAsync(Cancellation);

        await a.Pool.ShutdownAsync();
        await a.Pool.ShutdownAsync();

        await Assert.ThrowsAsync<GossipException>(() => leave);
        await Assert.ThrowsAsync<GossipException>(() => a.Pool.LeaveAsync(Cancellation));
        while (await a.Pool.Events.WaitToReadAsync(Cancellation))
        {
            a.Pool.Events.TryRead(out _);
        }

        await a.DisposeAsync();
    }

    [Fact]
    public async Task Garbage_on_both_sockets_does_no_harm()
    {
        await using TestPool a = await TestPool.StartAsync("a");
        await using TestPool b = await TestPool.StartAsync("b");
        IPEndPoint target = a.Pool.LocalMember.Address.ToEndPoint();
        var random = new SeededRandom(99);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int round = 0; round < 300; round++)
        {
            var garbage = new byte[1 + random.Next(300)];
            for (int i = 0; i < garbage.Length; i++)
            {
                garbage[i] = (byte)random.Next(256);
            }

            udp.SendTo(garbage, target);
            if (round % 10 == 0)
            {
                using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await tcp.ConnectAsync(target, Cancellation);
                await tcp.SendAsync(garbage, SocketFlags.None);
            }
        }

        JoinResult joined = await b.JoinAsync(a.Address);

        Assert.Empty(joined.Errors);
        await a.WaitForStatusAsync("b", MemberStatus.Alive);
    }

    [Fact]
    public async Task Stats_have_Consuls_names_and_texts()
    {
        await using TestPool a = await TestPool.StartAsync("a");

        Assert.Equal(
            ["coordinate_resets=0", "encrypted=false", "event_queue=0", "event_time=1", "failed=0", "health_score=0", "intent_queue=0", "left=0", "member_time=1", "members=1", "query_queue=0", "query_time=1"],
            a.Pool.Stats.ToConsulStats().Select(s => $"{s.Key}={s.Value}"));
    }

    private static (int, int, int, int, int, int) Versions(Member m) =>
        (m.ProtocolMin, m.ProtocolMax, m.ProtocolCur, m.DelegateMin, m.DelegateMax, m.DelegateCur);
}
