using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>A text of one line in YAML: plain, in single or in double quotes, and folded at a blank behind the 80th column.</summary>
internal sealed class YamlLine
{
    private const int WidthBest = 80;

    private readonly StringBuilder _written = new();
    private readonly int _indent;
    private readonly bool _mayFold;
    private int _column;

    private YamlLine(int column, int indent, bool mayFold)
    {
        _column = column;
        _indent = indent;
        _mayFold = mayFold;
    }

    /// <param name="text">Without line breaks, unless they are to be escaped.</param>
    /// <param name="column">Where it begins.</param>
    /// <param name="indent">Of the lines that follow when it is folded; negative where it may not be.</param>
    public static string Write(string text, int column, int indent)
    {
        var line = new YamlLine(column, indent, mayFold: indent >= 0);
        if (YamlScalar.Resolve(text) is not string || YamlScalar.IsBase60(text) || YamlTimestamp.IsOne(text) || YamlLetters.NeedsEscapes(text))
        {
            line.DoubleQuoted(text);
        }
        else if (YamlLetters.MayBePlain(text))
        {
            line.Plain(text);
        }
        else
        {
            line.SingleQuoted(text);
        }

        return line._written.ToString();
    }

    /// <inheritdoc cref="Write"/>
    public static string WriteEscaped(string text, int column, int indent)
    {
        var line = new YamlLine(column, indent, mayFold: indent >= 0);
        line.DoubleQuoted(text);
        return line._written.ToString();
    }

    private void Plain(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!FoldsAt(text, i) || IsBlank(text, i + 1))
            {
                Append(text[i]);
            }
            else
            {
                Break();
            }
        }
    }

    private void SingleQuoted(string text)
    {
        Append('\'');
        for (int i = 0; i < text.Length; i++)
        {
            if (FoldsAt(text, i) && i > 0 && i < text.Length - 1 && !IsBlank(text, i + 1))
            {
                Break();
                continue;
            }

            if (text[i] == '\'')
            {
                Append('\'');
            }

            Append(text[i]);
        }

        Append('\'');
    }

    private void DoubleQuoted(string text)
    {
        Append('"');
        int i = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (FoldsAt(text, i) && i > 0 && i < text.Length - 1)
            {
                Break();

                // A blank at the start of a line would be taken for indentation.
                if (IsBlank(text, i + 1))
                {
                    Append('\\');
                }
            }
            else
            {
                int length = _written.Length;
                YamlLetters.AppendEscaped(_written, rune);
                _column += _written.Length - length;
            }

            i += rune.Utf16SequenceLength;
        }

        Append('"');
    }

    private bool FoldsAt(string text, int index)
    {
        return _mayFold && _column > WidthBest && IsBlank(text, index) && !IsBlank(text, index - 1);
    }

    private static bool IsBlank(string text, int index) => index >= 0 && index < text.Length && text[index] == ' ';

    private void Append(char c)
    {
        _written.Append(c);
        _column += char.IsLowSurrogate(c) ? 0 : 1;
    }

    private void Break()
    {
        _written.Append('\n').Append(' ', _indent);
        _column = _indent;
    }
}
