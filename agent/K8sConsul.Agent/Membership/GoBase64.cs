namespace K8sConsul.Agent.Membership;

/// <summary>Go's <c>base64.StdEncoding</c>, for its error text: clients are shown where the input goes wrong.</summary>
internal static class GoBase64
{
    /// <summary>Decodes, or says where the text goes wrong.</summary>
    /// <exception cref="GossipException"><c>illegal base64 data at input byte 3</c>.</exception>
    public static byte[] Decode(string text)
    {
        if (FindIllegal(text) is { } position)
        {
            throw new GossipException($"illegal base64 data at input byte {position}");
        }

        return Convert.FromBase64String(text);
    }

    /// <summary>The walk of Go's decoder, four characters at a time; line ends count as positions and as nothing else.</summary>
    private static int? FindIllegal(string text)
    {
        for (int at = 0; ;)
        {
            for (int inGroup = 0; inGroup < 4; inGroup++)
            {
                if (at == text.Length)
                {
                    return inGroup == 0 ? null : at - inGroup;
                }

                char c = text[at++];
                if (IsLineEnd(c))
                {
                    inGroup--;
                }
                else if (c == '=')
                {
                    return inGroup < 2 ? at - 1 : FindIllegalPadding(text, at, oneMore: inGroup == 2);
                }
                else if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
                {
                    return at - 1;
                }
            }
        }
    }

    private static int? FindIllegalPadding(string text, int at, bool oneMore)
    {
        at = SkipLineEnds(text, at);
        if (oneMore)
        {
            if (at == text.Length)
            {
                return text.Length;
            }

            if (text[at] != '=')
            {
                return at - 1;
            }

            at = SkipLineEnds(text, at + 1);
        }

        return at < text.Length ? at : null;
    }

    private static int SkipLineEnds(string text, int at)
    {
        while (at < text.Length && IsLineEnd(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsLineEnd(char c) => c is '\n' or '\r';
}
