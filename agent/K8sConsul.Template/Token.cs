using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>One token; <see cref="Position"/> counts UTF-16 units, <see cref="Line"/> from 1.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, int Line)
{
    private const int ShownRunesMax = 10;

    /// <summary>As error texts show it.</summary>
    public override string ToString()
    {
        return Kind switch
        {
            TokenKind.EndOfText => "EOF",
            TokenKind.Error => Text,
            > TokenKind.Keyword => $"<{Text}>",
            _ when Utf8Text.Length(Text) > ShownRunesMax => GoText.Quote(FirstRunes()) + "...",
            _ => GoText.Quote(Text),
        };
    }

    private string FirstRunes()
    {
        return string.Concat(Text.EnumerateRunes().Take(ShownRunesMax).Select(rune => rune.ToString()));
    }
}
