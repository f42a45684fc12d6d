namespace K8sConsul.Hcl;

/// <summary>
/// HCL version 1: blocks and assignments, nested, with repeated blocks kept as lists; comments, heredocs, numbers in
/// three bases. Strings with <c>${ }</c> stay as they are written.
/// </summary>
/// <remarks>
/// Parsing goes in two steps, as in Consul's own reader: the syntax, then a merge of repeated keys. Both have mistakes
/// of their own, and a syntax mistake anywhere comes before a merge mistake at the top.
/// </remarks>
public static class HclParser
{
    /// <summary>Reads a whole text, in UTF-8. One that begins with <c>{</c> is read as JSON.</summary>
    public static ParseOutcome Parse(ReadOnlySpan<byte> source)
    {
        if (source.Length > SourceLimits.SourceBytesMax)
        {
            return ParseOutcome.Refused(SourceLimits.TooLarge(source.Length));
        }

        ReadOnlySpan<byte> trimmed = source.TrimStart(" \t\r\n\v\f"u8);
        if (!trimmed.IsEmpty && trimmed[0] == '{')
        {
            return JsonParser.Parse(source, wholeNumbers: true);
        }

        try
        {
            var syntax = new HclSyntaxReader(WithoutCarriageReturns(source));
            return ParseOutcome.Accepted(HclMerge.ToObject("root", syntax.ReadFile(), new SourcePosition(1, 1)));
        }
        catch (HclRefusedException refused)
        {
            return ParseOutcome.Refused(refused.Message);
        }
    }

    private static byte[] WithoutCarriageReturns(ReadOnlySpan<byte> source)
    {
        if (source.IndexOf("\r\n"u8) < 0)
        {
            return source.ToArray();
        }

        byte[] kept = new byte[source.Length];
        int count = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] != '\r' || i + 1 == source.Length || source[i + 1] != '\n')
            {
                kept[count++] = source[i];
            }
        }

        return kept[..count];
    }
}
