using System.Globalization;
using K8sConsul.Contracts.GoJson;

namespace K8sConsul.Cli.Commands.Kv;

/// <summary>One element of an export. Names of members do not care about case, and unknown ones are skipped.</summary>
internal readonly record struct KvImportEntry(string Key, ulong Flags, string Value)
{
    /// <param name="data">The whole file.</param>
    /// <param name="error">Go's text; empty when parsed.</param>
    /// <returns>Null when refused.</returns>
    public static List<KvImportEntry>? TryParse(byte[] data, out string error)
    {
        error = string.Empty;
        try
        {
            GoJsonValue root = ParseWhole(data);
            return root.Kind switch
            {
                GoJsonKind.Array => root.Items.Select(Read).ToList(),
                GoJsonKind.Null => [],
                _ => throw new GoJsonException($"json: cannot unmarshal {root.GoKind} into Go value of type []*impexp.Entry"),
            };
        }
        catch (GoJsonException refused)
        {
            error = refused.Message;
            return null;
        }
    }

    /// <summary>As json.Unmarshal: one value and nothing behind it.</summary>
    private static GoJsonValue ParseWhole(byte[] data)
    {
        GoJsonValue root;
        try
        {
            // At its end Go's scanner reads one more blank, and complains about that where a word or number is cut short.
            root = GoJsonParser.Parse([.. data, (byte)' ']);
        }
        catch (GoJsonException refused) when (refused.Message is "EOF" or "unexpected EOF")
        {
            throw new GoJsonException("unexpected end of JSON input");
        }

        ReadOnlySpan<byte> rest = BehindValue(data).TrimStart(" \t\r\n"u8);
        return rest.IsEmpty ? root : throw new GoJsonException($"invalid character '{(char)rest[0]}' after top-level value");
    }

    /// <summary>Of a text known to begin with a value.</summary>
    private static ReadOnlySpan<byte> BehindValue(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        switch (text[0])
        {
            case (byte)'t' or (byte)'n':
                return text[4..];
            case (byte)'f':
                return text[5..];
            case not ((byte)'{' or (byte)'[' or (byte)'"'):
                return text.TrimStart("+-.0123456789eE"u8);
        }

        int depth = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'\\' when inString:
                    i++;
                    break;
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'{' or (byte)'[' when !inString:
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when !inString:
                    depth--;
                    break;
            }

            if (depth == 0 && !inString)
            {
                return text[(i + 1)..];
            }
        }

        return [];
    }

    private static KvImportEntry Read(GoJsonValue item)
    {
        if (item.Kind != GoJsonKind.Object)
        {
            // HashiCorp's program crashes on a null here.
            throw new GoJsonException($"json: cannot unmarshal {item.GoKind} into Go value of type impexp.Entry");
        }

        var entry = new KvImportEntry(string.Empty, 0, string.Empty);
        foreach ((string name, GoJsonValue value) in item.Members)
        {
            if (value.IsNull)
            {
                continue;
            }

            entry = name.ToLowerInvariant() switch
            {
                "key" => entry with { Key = TextOf(value, "key") },
                "value" => entry with { Value = TextOf(value, "value") },
                "flags" => entry with { Flags = NumberOf(value) },
                _ => entry,
            };
        }

        return entry;
    }

    private static string TextOf(GoJsonValue value, string field)
    {
        return value.Kind == GoJsonKind.String
            ? value.Text
            : throw new GoJsonException($"json: cannot unmarshal {value.GoKind} into Go struct field Entry.{field} of type string");
    }

    private static ulong NumberOf(GoJsonValue value)
    {
        if (value.Kind != GoJsonKind.Number)
        {
            throw new GoJsonException($"json: cannot unmarshal {value.GoKind} into Go struct field Entry.flags of type uint64");
        }

        return ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new GoJsonException($"json: cannot unmarshal number {value.Text} into Go struct field Entry.flags of type uint64");
    }
}
