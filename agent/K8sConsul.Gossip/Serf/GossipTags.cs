using System.Buffers;
using System.Collections.Immutable;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>
/// Serf's tags as they travel in a member's metadata: 0xff and a MessagePack map of texts. Anything that does not begin
/// with 0xff is, whole, the value of the tag <c>role</c> (Serf protocol 2 and older).
/// </summary>
public static class GossipTags
{
    /// <summary>memberlist's <c>MetaMaxSize</c>: what a member may say about itself, the leading 0xff included.</summary>
    public const int EncodedBytesMax = 512;

    private const byte TagsMagic = 0xff;

    public static readonly ImmutableSortedDictionary<string, string> Empty =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, string> From(IEnumerable<KeyValuePair<string, string>> tags) =>
        Empty.AddRange(tags);

    /// <summary>Keys in ordinal order. The size is the caller's to compare with <see cref="EncodedBytesMax"/>.</summary>
    public static byte[] Encode(ImmutableSortedDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var output = new ArrayBufferWriter<byte>(EncodedBytesMax);
        output.Write([TagsMagic]);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(tags.Count);
        foreach ((string key, string value) in tags)
        {
            writer.WriteText(key);
            writer.WriteText(value);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Never fails: what cannot be read leaves the tags read so far, as the real decoder does.</summary>
    /// <param name="meta">A member's metadata from the wire.</param>
    /// <param name="problem">Why decoding stopped early, or null.</param>
    public static ImmutableSortedDictionary<string, string> Decode(ReadOnlySpan<byte> meta, out string? problem)
    {
        problem = null;
        if (meta.IsEmpty || meta[0] != TagsMagic)
        {
            return Empty.Add("role", System.Text.Encoding.UTF8.GetString(meta));
        }

        ImmutableSortedDictionary<string, string>.Builder tags = Empty.ToBuilder();
        try
        {
            var reader = new MsgPackReader(meta[1..]);
            for (int left = reader.ReadMapHeader(); left > 0; left--)
            {
                string key = reader.ReadText();
                tags[key] = reader.ReadText();
            }
        }
        catch (MsgPackFormatException e)
        {
            problem = e.Message;
        }

        return tags.ToImmutable();
    }
}
