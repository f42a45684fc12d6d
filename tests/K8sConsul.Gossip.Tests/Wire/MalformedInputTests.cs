using System.Net;
using System.Text.Json.Nodes;
using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>Whatever arrives, a decoder either understands it or says so: nothing else escapes, and a node goes on.</summary>
public sealed class MalformedInputTests
{
    private static readonly MemberAddress _stranger = new(IPAddress.Parse("10.9.9.9"), 8301);

    /// <summary>Messages of every kind, inside all their layers but encryption.</summary>
    private static List<byte[]> Messages()
    {
        var messages = new List<byte[]>();
        foreach (string file in new[] { "gossip", "gossip_encrypted", "consul_gossip" })
        {
            foreach (JsonObject vector in TestFiles.Vectors($"vectors/{file}.jsonl"))
            {
                byte[] bytes = vector.ContainsKey("plaintext_hex") ? vector.Hex("plaintext_hex") : vector.Hex("hex");
                messages.Add(bytes[0] == (byte)MessageType.HasCrc ? bytes[5..] : bytes);
            }
        }

        return messages;
    }

    [Fact]
    public void Messages_cut_at_every_position_are_refused_or_understood_and_nothing_else()
    {
        int refused = 0;
        foreach (byte[] message in Messages())
        {
            for (int length = 1; length < message.Length; length++)
            {
                refused += IsUnderstood(message[..length]) ? 0 : 1;
            }
        }

        Assert.True(refused > 10_000, $"only {refused} cut messages were refused");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_with_changed_bytes_are_refused_or_understood_and_nothing_else(ulong seed)
    {
        var random = new SeededRandom(seed);
        List<byte[]> messages = Messages();
        for (int round = 0; round < 20_000; round++)
        {
            IsUnderstood(Damage(messages[random.Next(messages.Count)], random));
        }
    }

    /// <summary>The same at the door of a node, which must neither throw nor stop working.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Node_survives_damaged_packets_and_streams(ulong seed)
    {
        var random = new SeededRandom(seed);
        List<byte[]> messages = Messages();
        var node = new GossipNode(
            new GossipNodeOptions { Name = "node-a", Advertise = new MemberAddress(IPAddress.Parse("10.0.0.1"), 8301), BindPort = 8301, Seed = seed },
            _ => { });
        node.Start(TimeSpan.Zero, SnapshotState.Empty);
        TimeSpan now = TimeSpan.Zero;
        for (int round = 0; round < 5_000; round++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(20));
            byte[] message = Damage(messages[random.Next(messages.Count)], random);
            if (random.Next(3) == 0)
            {
                node.HandleStreamRequest(new StreamId(round, Incoming: true), _stranger, message, now);
            }
            else
            {
                node.HandlePacket(message, _stranger, now, now);
            }

            node.TakeEffects();
        }

        node.HandlePacket(new Ping(7, "node-a", ProbeSource.None).Encode(), _stranger, now, now);

        Assert.Contains(node.TakeEffects(), effect => effect is SendPacket send && send.To == _stranger);
        Assert.Equal(MemberStatus.Alive, node.Members().Find("node-a")!.Status);
    }

    [Fact]
    public void Stream_codec_refuses_damaged_frames_in_its_own_words()
    {
        var random = new SeededRandom(31);
        var codec = new StreamCodec(GossipOptions.Lan, keyring: null, _ => { });
        List<byte[]> messages = Messages();
        int refused = 0;
        for (int round = 0; round < 5_000; round++)
        {
            try
            {
                codec.Open(Damage(messages[random.Next(messages.Count)], random), first: true);
            }
            catch (GossipFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 4_900);
    }

    [Fact]
    public void Stream_framer_never_asks_for_less_than_it_has_nor_for_more_than_allowed()
    {
        var random = new SeededRandom(21);
        List<byte[]> messages = Messages();
        for (int round = 0; round < 5_000; round++)
        {
            byte[] message = Damage(messages[random.Next(messages.Count)], random);
            var framer = new StreamFramer();
            int received = 0;
            try
            {
                while (!framer.IsComplete(message.AsSpan(0, received)) && received < message.Length)
                {
                    Assert.InRange(framer.BytesNeeded, received + 1, WireLimits.StreamInflatedBytesMax);
                    received = Math.Min(message.Length, received + 1 + random.Next(200));
                }
            }
            catch (GossipFormatException)
            {
                // Refused, which is the other allowed outcome.
            }
        }
    }

    [Theory]
    [InlineData("0affffffff", "larger than limit")]
    [InlineData("0683a44a6f696ec3a54e6f646573ce7fffffffac557365725374617465 4c656e00", "2147483647 nodes")]
    [InlineData("0683a44a6f696ec3a54e6f64657300ac5573657253746174654c656ece7fffffff", "user state is larger")]
    [InlineData("0881aa557365724d73674c656ece7fffffff", "user message is larger")]
    [InlineData("0982a4416c676f00a3427566dbffffffff", "larger than limit")]
    [InlineData("f400", "label header cannot be empty")]
    [InlineData("63", "invalid msgType (99)")]
    public void Lengths_beyond_their_bounds_are_refused_before_anything_is_allocated(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", string.Empty));

        GossipFormatException refused = Assert.Throws<GossipFormatException>(() => new StreamFramer().IsComplete(bytes));

        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void Messages_nested_too_deeply_are_dropped()
    {
        byte[] message = new Ping(1, "n1", ProbeSource.None).Encode();
        for (int depth = 0; depth <= WireLimits.PacketNestingMax; depth++)
        {
            message = CompoundPacket.Encode([message]);
        }

        var node = new GossipNode(
            new GossipNodeOptions { Name = "n1", Advertise = new MemberAddress(IPAddress.Parse("10.0.0.1"), 8301), BindPort = 8301, Seed = 1 }, _ => { });
        node.Start(TimeSpan.Zero, SnapshotState.Empty);
        node.TakeEffects();

        node.HandlePacket(message, _stranger, TimeSpan.Zero, TimeSpan.Zero);

        Assert.Contains(node.TakeEffects(), effect => effect is GossipLog log && log.Text.Contains("nested too deeply"));
    }

    /// <summary>Which encodings a real serf answered, and which it did not.</summary>
    [Fact]
    public void Node_answers_the_encodings_that_serf_answers_and_no_others()
    {
        foreach (JsonObject vector in TestFiles.Vectors("vectors/msgpack_tolerance.jsonl"))
        {
            var node = new GossipNode(
                new GossipNodeOptions { Name = "p1", Advertise = new MemberAddress(IPAddress.Parse("10.0.0.1"), 8301), BindPort = 8301, Seed = 1 }, _ => { });
            node.Start(TimeSpan.Zero, SnapshotState.Empty);
            node.TakeEffects();

            node.HandlePacket(vector.Hex("hex"), _stranger, TimeSpan.Zero, TimeSpan.Zero);

            bool answered = node.TakeEffects().Any(effect => effect is SendPacket);
            Assert.True(vector["acked"]!.GetValue<bool>() == answered, vector.Name());
        }
    }

    private static byte[] Damage(byte[] message, SeededRandom random)
    {
        byte[] damaged = [.. message];
        for (int changes = 1 + random.Next(4); changes > 0; changes--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? damaged[..(1 + random.Next(damaged.Length))] : damaged;
    }

    private static bool IsUnderstood(byte[] message)
    {
        try
        {
            MessageDescription.Describe(message);
            return true;
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException or ArgumentException { Message: not null } and not ArgumentNullException)
        {
            // ArgumentException is the describing helper's word for a type that it does not know.
            return false;
        }
        catch (Xunit.Sdk.XunitException)
        {
            // The helper asserts that compounds are whole.
            return false;
        }
    }
}
