using System.Text.Json.Nodes;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>Hand-made frames with a fixed nonce: both encryption versions, labels, CRC, and Serf messages on streams.</summary>
public sealed class DerivedVectorTests
{
    private static JsonObject Vector(string name) => TestFiles.Vectors("vectors/derived.jsonl").Single(v => v.Name() == name);

    [Theory]
    [InlineData("enc_v0_packet", 0)]
    [InlineData("enc_v1_packet", 1)]
    [InlineData("enc_v0_stream", 0)]
    [InlineData("enc_v1_stream", 1)]
    [InlineData("label_encrypted_packet", 1)]
    [InlineData("label_encrypted_stream", 1)]
    public void Encrypted_frame_has_exactly_the_expected_bytes_and_decrypts(string name, byte version)
    {
        JsonObject vector = Vector(name);
        byte[] wire = vector.Hex("hex");
        byte[] plain = vector.Hex("plaintext_hex");
        byte[] associated = vector.Hex("aad_hex");
        Assert.True(GossipKey.TryCreate(vector.Hex("key_hex"), out GossipKey key, out _));
        var payload = new byte[GossipCipher.EncryptedLength(version, plain.Length)];

        GossipCipher.Encrypt(version, key, plain, associated, n => vector.Hex("nonce_hex").CopyTo(n), payload);

        Assert.Equal(Convert.ToHexStringLower(wire.AsSpan(^payload.Length..)), Convert.ToHexStringLower(payload));
        Assert.Equal(plain, GossipCipher.Decrypt(new Keyring([key]), payload, associated));
        byte[] opened = name.EndsWith("stream")
            ? new StreamCodec(Options(vector), new Keyring([key]), _ => { }).Open(wire, first: true)
            : new PacketCodec(Options(vector), new Keyring([key]), _ => { }).Open(wire).ToArray();
        Assert.Equal(plain, opened);
    }

    [Fact]
    public void Checksum_of_a_packet_is_verified()
    {
        var codec = new PacketCodec(GossipOptions.Lan with { Compression = false }, null, _ => { });
        byte[] wire = Vector("crc_ping").Hex("hex");
        byte[] ping = Vector("plain_ping").Hex("hex");

        Assert.Equal(ping, codec.Open(wire).ToArray());
        Assert.Equal(wire, codec.Seal(ping, addCrc: true));
        for (int bit = 8; bit < wire.Length * 8; bit++)
        {
            byte[] damaged = [.. wire];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<GossipFormatException>(() => codec.Open(damaged));
        }
    }

    [Theory]
    [InlineData("abc", "label_plain_packet", true)]
    [InlineData("", "label_plain_packet", false)]
    [InlineData("abd", "label_plain_packet", false)]
    [InlineData("abc", "plain_ping", false)]
    public void Packet_is_taken_only_with_the_pools_own_label(string label, string name, bool taken)
    {
        var codec = new PacketCodec(GossipOptions.Lan with { Label = label, Compression = false }, null, _ => { });
        byte[] wire = Vector(name).Hex("hex");

        if (taken)
        {
            byte[] message = codec.Open(wire).ToArray();
            Assert.Equal(Vector("plain_ping").Hex("hex"), message);
            Assert.Equal(wire, codec.Seal(message, addCrc: false));
        }
        else
        {
            Assert.Throws<GossipFormatException>(() => codec.Open(wire));
        }
    }

    [Fact]
    public void Serf_message_on_a_stream_carries_its_length()
    {
        byte[] wire = Vector("stream_user_message").Hex("hex");

        byte[] serf = StreamUserMessage.Decode(wire.AsSpan(1));

        Assert.Equal("n2", JoinIntent.Decode(serf.AsSpan(1)).Node);
        Assert.Equal(wire, StreamUserMessage.Encode(serf));
        Assert.True(new StreamFramer().IsComplete(wire));
    }

    private static GossipOptions Options(JsonObject vector) =>
        GossipOptions.Lan with { Label = vector["label"]?.GetValue<string>() ?? string.Empty };
}
