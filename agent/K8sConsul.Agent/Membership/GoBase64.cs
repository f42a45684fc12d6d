namespace K8sConsul.Agent.Membership;

/// <summary>Go's <c>base64.StdEncoding</c>, for its error text: clients are shown where the input goes wrong.</summary>
internal static class GoBase64
{
    /// <summary>Decodes, or says where the text goes wrong.</summary>
    /// <exception cref="GossipException"><c>illegal base64 data at input byte 3</c>.</exception>
    public static byte[] Decode(string text)
    {
        // Go skips line ends and nothing else; Convert skips other white space as well.
        string compact = text.Replace("\r", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal);
        if (FindIllegal(compact) is { } position)
        {
            throw new GossipException($"illegal base64 data at input byte {position}");
        }

        return Convert.FromBase64String(compact);
    }

    private static int? FindIllegal(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool alphabet = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '+' or '/';
            if (alphabet)
            {
                continue;
            }

            int inGroup = i % 4;
            bool padding = text[i] == '=' && inGroup >= 2;
            if (!padding)
            {
                return i;
            }

            string rest = text[i..];
            string expected = inGroup == 2 ? "==" : "=";
            return rest == expected ? null : i + Math.Min(expected.Length, rest.Length);
        }

        return text.Length % 4 == 0 ? null : text.Length / 4 * 4;
    }
}
