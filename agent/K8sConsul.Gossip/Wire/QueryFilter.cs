using System.Text.RegularExpressions;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>Whom a query is for: one of several names, or a tag that matches a regular expression.</summary>
internal static class QueryFilter
{
    private const byte NodeFilter = 0;
    private const byte TagFilter = 1;

    private static readonly byte[][] TagFields = WireFields.Names("Tag", "Expr");

    /// <summary>
    /// Whether we are meant. An unreadable filter or expression means no, as in Serf.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, string localName, IReadOnlyDictionary<string, string> localTags)
    {
        if (filter.IsEmpty)
        {
            return false;
        }

        try
        {
            return filter[0] switch
            {
                NodeFilter => NamesContain(filter[1..], localName),
                TagFilter => TagMatches(filter[1..], localTags),
                _ => false,
            };
        }
        catch (Exception e) when (e is MsgPackFormatException or GossipFormatException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    public static byte[] ForNodes(IReadOnlyList<string> names)
    {
        var output = WireFields.Begin(NodeFilter);
        var writer = new MsgPackWriter(output);
        writer.WriteListHeader(names.Count);
        foreach (string name in names)
        {
            writer.WriteText(name);
        }

        return output.WrittenSpan.ToArray();
    }

    public static byte[] ForTag(string tag, string expression)
    {
        var output = WireFields.Begin(TagFilter);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("Expr");
        writer.WriteText(expression);
        writer.WriteText("Tag");
        writer.WriteText(tag);
        return output.WrittenSpan.ToArray();
    }

    private static bool NamesContain(ReadOnlySpan<byte> list, string localName)
    {
        var reader = new MsgPackReader(list);
        bool found = false;
        for (int left = reader.ReadListHeader(); left > 0; left--)
        {
            found |= reader.ReadName() == localName;
        }

        return found;
    }

    private static bool TagMatches(ReadOnlySpan<byte> body, IReadOnlyDictionary<string, string> localTags)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (string tag, string expression) = (string.Empty, string.Empty);
        while (fields.Next(ref reader, TagFields, out int field))
        {
            switch (field)
            {
                case 0: tag = reader.ReadText(); break;
                default: expression = reader.ReadText(); break;
            }
        }

        // The expression comes from the network: the non-backtracking engine answers in time linear in the tag, as RE2 does.
        return Regex.IsMatch(
            localTags.GetValueOrDefault(tag, string.Empty), expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
