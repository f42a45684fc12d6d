namespace K8sConsul.Hcl;

/// <summary>Numbers, quoted strings and heredocs.</summary>
internal sealed partial class HclScanner
{
    private HclTokenType ScanPeriod()
    {
        if (!IsDecimal(Peek()))
        {
            return HclTokenType.Period;
        }

        int c = ScanDigits(Next());
        ScanExponent(c);
        return HclTokenType.Float;
    }

    private HclTokenType ScanNumber(int first)
    {
        int c;
        bool badOctal = false;
        if (first == '0')
        {
            c = Next();
            if (c is 'x' or 'X')
            {
                return ScanHexadecimal();
            }

            while (IsDecimal(c))
            {
                // The first digit after the zero is not looked at; 08 fails later, as a number.
                c = Next();
                badOctal |= c is '8' or '9';
            }
        }
        else
        {
            // The digits are left and entered again, so that a number at the very end looks at the end twice.
            ScanDigits(first);
            c = Next();
        }

        if (c is 'e' or 'E')
        {
            ScanExponent(c);
            return HclTokenType.Float;
        }

        if (c == '.')
        {
            c = ScanDigits(Peek());
            if (c is 'e' or 'E')
            {
                ScanExponent(Next());
            }

            return HclTokenType.Float;
        }

        if (badOctal)
        {
            Fail("illegal octal number");
        }

        StepBackFrom(c);
        return HclTokenType.Number;
    }

    private HclTokenType ScanHexadecimal()
    {
        int c = Next();
        bool any = false;
        for (; c < 0x80 && char.IsAsciiHexDigit((char)c); c = Next())
        {
            any = true;
        }

        if (!any)
        {
            Fail("illegal hexadecimal number");
        }

        StepBackFrom(c);
        return HclTokenType.Number;
    }

    /// <summary>Takes digits while there are; the character after them is told and not taken.</summary>
    private int ScanDigits(int c)
    {
        bool any = false;
        for (; IsDecimal(c); c = Next())
        {
            any = true;
        }

        if (any)
        {
            StepBackFrom(c);
        }

        return c;
    }

    private void ScanExponent(int c)
    {
        if (c is not ('e' or 'E'))
        {
            return;
        }

        c = Next();
        if (c is '-' or '+')
        {
            c = Next();
        }

        ScanDigits(c);
    }

    /// <summary>Quotes and line ends inside <c>${ }</c> belong to the string.</summary>
    private void ScanString()
    {
        int braces = 0;
        while (true)
        {
            int c = Next();
            if (c == EndOfText || (c == '\n' && braces == 0))
            {
                Fail("literal not terminated");
                return;
            }

            if (c == '"' && braces == 0)
            {
                return;
            }

            if (braces == 0 && c == '$' && Peek() == '{')
            {
                braces = 1;
                Next();
            }
            else if (braces > 0 && c == '{')
            {
                braces++;
            }
            else if (braces > 0 && c == '}')
            {
                braces--;
            }
            else if (c == '\\')
            {
                ScanEscape();
            }
        }
    }

    private void ScanEscape()
    {
        int c = Next();
        switch (c)
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\' or '"':
                return;
            case >= '0' and <= '7':
                ScanEscapeDigits(c, radix: 8, count: 3);
                return;
            case 'x':
                ScanEscapeDigits(Next(), radix: 16, count: 2);
                return;
            case 'u':
                ScanEscapeDigits(Next(), radix: 16, count: 4);
                return;
            case 'U':
                ScanEscapeDigits(Next(), radix: 16, count: 8);
                return;
            default:
                Fail("illegal char escape");
                return;
        }
    }

    private void ScanEscapeDigits(int c, int radix, int count)
    {
        int left = count;
        while (left > 0 && IsDigitOf(c, radix))
        {
            c = Next();
            if (c == EndOfText)
            {
                break;
            }

            left--;
        }

        if (left > 0)
        {
            Fail("illegal char escape");
        }

        if (left != count)
        {
            StepBackFrom(c);
        }
    }

    private static bool IsDigitOf(int c, int radix)
    {
        return radix == 8 ? c is >= '0' and <= '7' : c < 0x80 && char.IsAsciiHexDigit((char)c);
    }

    /// <summary>Everything up to the line that holds the anchor and, before it, nothing but white space.</summary>
    private void ScanHeredoc()
    {
        if (Next() != '<')
        {
            Fail("heredoc expected second '<', didn't see it");
            return;
        }

        int anchorStart = _here.Offset;
        int c = Next();
        if (c == '-')
        {
            c = Next();
        }

        while (IsLetter(c) || IsDigit(c))
        {
            c = Next();
        }

        if (c == EndOfText)
        {
            Fail("heredoc not terminated");
            return;
        }

        if (c == '\r' && Peek() == '\n')
        {
            c = Next();
        }

        if (c != '\n')
        {
            Fail("invalid characters in heredoc anchor");
            return;
        }

        ReadOnlySpan<byte> anchor = _source.AsSpan(anchorStart, _here.Offset - 1 - anchorStart);
        if (anchor.Length == 0 || anchor.SequenceEqual("-"u8))
        {
            Fail("zero-length heredoc anchor");
            return;
        }

        // With <<- the dash counts: the last line must be as long as dash and anchor together.
        int lineBytesMin = anchor.Length;
        ReadOnlySpan<byte> name = anchor[0] == '-' ? anchor[1..] : anchor;
        int lineStart = _here.Offset;
        while (true)
        {
            c = Next();
            if (c == '\n')
            {
                ReadOnlySpan<byte> line = _source.AsSpan(lineStart, _here.Offset - 1 - lineStart);
                if (line.Length >= lineBytesMin && line.TrimStart(" \t\v\f\r"u8).TrimEnd((byte)'\r').SequenceEqual(name))
                {
                    return;
                }

                lineStart = _here.Offset;
            }
            else if (c == EndOfText)
            {
                Fail("heredoc not terminated");
                return;
            }
        }
    }
}
