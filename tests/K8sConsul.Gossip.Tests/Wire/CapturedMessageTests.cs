using System.Text.Json.Nodes;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>Bytes that real serf and consul processes sent: each is decoded to what the capture says, and encoded back to the same bytes.</summary>
public sealed class CapturedMessageTests
{
    public static TheoryData<string, string> Captures() => Select(_ => true);

    public static TheoryData<string, string> Streams() => Select(IsStream);

    public static TheoryData<string, string> SameCompressor() => Select(v => !OlderGo.Compressed(Open(v)));

    private static TheoryData<string, string> Select(Func<JsonObject, bool> wanted)
    {
        var data = new TheoryData<string, string>();
        foreach (string file in new[] { "gossip", "gossip_encrypted", "consul_gossip" })
        {
            foreach (JsonObject vector in TestFiles.Vectors($"vectors/{file}.jsonl").Where(wanted))
            {
                data.Add(file, vector.Name());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Captured_message_decodes_to_what_it_said(string file, string name)
    {
        JsonObject vector = Find(file, name);
        JsonObject expected = vector["decoded"]!.AsObject();
        bool crc = expected["msg"]!.GetValue<string>() == "hasCrc";
        JsonObject wanted = (crc ? expected["rest"]! : expected).DeepClone().AsObject();
        CheckAndRemoveTags(wanted);

        JsonObject actual = MessageDescription.Describe(OlderGo.Normalise(Open(vector)));
        if (OlderGo.Compressed(Open(vector)))
        {
            // The one code more can cost one byte.
            wanted["buflen"] = actual["buflen"]!.GetValue<int>();
        }

        Assert.True(JsonNode.DeepEquals(wanted, actual), $"expected {wanted.ToJsonString()}\nactual   {actual.ToJsonString()}");
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Captured_message_is_encoded_to_the_same_bytes(string file, string name)
    {
        JsonObject vector = Find(file, name);
        byte[] message = Open(vector);

        byte[] again = MessageRoundTrip.ReEncode(message);

        Assert.Equal(Convert.ToHexStringLower(OlderGo.Normalise(message)), Convert.ToHexStringLower(again));
    }

    /// <summary>Except those of the older Go's compressor, whose codes the test above compares.</summary>
    [Theory]
    [MemberData(nameof(SameCompressor))]
    public void Captured_bytes_are_sealed_again_to_the_same_bytes(string file, string name)
    {
        JsonObject vector = Find(file, name);
        byte[] wire = vector.Hex("hex");
        byte[] message = Open(vector);
        bool stream = IsStream(vector);
        Keyring? keyring = Ring(vector);

        // The capture's own nonce makes encryption repeatable. On streams the nonce stands behind the frame header.
        byte[] nonce = keyring is null ? [] : wire.AsSpan(stream ? 6 : 1, 12).ToArray();
        GossipOptions options = GossipOptions.Lan with { Compression = message[0] == (byte)MessageType.Compress };
        byte[] plain = options.Compression ? Compression.Unwrap(message.AsSpan(1), WireLimits.StreamInflatedBytesMax) : message;
        bool crc = vector["decoded"]!["msg"]!.GetValue<string>() == "hasCrc";
        byte[] sealedAgain = stream
            ? new StreamCodec(options, keyring, destination => nonce.CopyTo(destination)).Seal(plain, first: true)
            : new PacketCodec(options, keyring, destination => nonce.CopyTo(destination)).Seal(plain, crc);

        Assert.Equal(Convert.ToHexStringLower(wire), Convert.ToHexStringLower(sealedAgain));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_ends_exactly_where_its_message_ends(string file, string name)
    {
        JsonObject vector = Find(file, name);
        byte[] wire = vector.Hex("hex");
        var framer = new StreamFramer();
        for (int received = 0; received < wire.Length; received++)
        {
            Assert.False(framer.IsComplete(wire.AsSpan(0, received)), $"complete after {received} of {wire.Length} bytes");
            Assert.InRange(framer.BytesNeeded, received + 1, wire.Length);
        }

        Assert.True(framer.IsComplete(wire));
        Assert.Equal(wire.Length, framer.BytesNeeded);
    }

    private static JsonObject Find(string file, string name) =>
        TestFiles.Vectors($"vectors/{file}.jsonl").Single(v => v.Name() == name);

    private static bool IsStream(JsonObject vector) => vector["transport"]!.GetValue<string>() == "tcp";

    private static Keyring? Ring(JsonObject vector)
    {
        if (!vector.ContainsKey("key_hex"))
        {
            return null;
        }

        Assert.True(GossipKey.TryCreate(vector.Hex("key_hex"), out GossipKey key, out _));
        return new Keyring([key]);
    }

    /// <summary>The message as it stood inside CRC and encryption, still compressed if it was.</summary>
    private static byte[] Open(JsonObject vector)
    {
        byte[] wire = vector.Hex("hex");
        Keyring? keyring = Ring(vector);
        if (!IsStream(vector))
        {
            return new PacketCodec(GossipOptions.Lan, keyring, _ => { }).Open(wire).ToArray();
        }

        return keyring is null ? wire : GossipCipher.Decrypt(keyring, wire.AsSpan(5), wire.AsSpan(0, 5));
    }

    private static void CheckAndRemoveTags(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                if (o["Meta_tags"] is JsonObject tags)
                {
                    byte[] meta = Convert.FromHexString(o["Meta"]!.GetValue<string>()["hex:".Length..]);
                    Assert.Equal(
                        tags.ToDictionary(t => t.Key, t => t.Value!.GetValue<string>()),
                        GossipTags.Decode(meta, out string? problem).ToDictionary());
                    Assert.Null(problem);
                    Assert.Equal(meta.Length, GossipTags.Encode(GossipTags.Decode(meta, out _)).Length);
                    o.Remove("Meta_tags");
                }

                foreach ((_, JsonNode? child) in o)
                {
                    CheckAndRemoveTags(child);
                }

                break;
            case JsonArray a:
                foreach (JsonNode? child in a)
                {
                    CheckAndRemoveTags(child);
                }

                break;
        }
    }
}
