namespace K8sConsul.Go;

/// <content>Backslash escapes, inside and outside of classes.</content>
internal sealed partial class GoRegexTranslator
{
    private void Escape()
    {
        char kind = _position + 1 < _pattern.Length ? _pattern[_position + 1] : '\0';
        switch (kind)
        {
            case 'A':
                Assertion(@"\A");
                return;
            case 'b':
                // RE2's word characters are ASCII; the engine has no way to say so, and differs only beside a non-ASCII letter.
                Assertion(@"\b");
                return;
            case 'B':
                Assertion(@"\B");
                return;
            case 'z':
                Assertion(@"\z");
                return;
            case 'C':
                throw new GoRegexSyntaxException("invalid escape sequence", @"\C");
            case 'Q':
                Quoted();
                return;
            default:
                Class(TryReadEscapedSet(out RuneSet? set) ? set : RuneSet.Of(ReadEscapedRune()));
                return;
        }
    }

    private void Assertion(string text)
    {
        Item(text, 1);
        _position += 2;
    }

    /// <summary>Reads <c>\Q…\E</c>, the second of which may be missing.</summary>
    private void Quoted()
    {
        _position += 2;
        int end = _pattern.IndexOf(@"\E", _position, StringComparison.Ordinal);
        int stop = end < 0 ? _pattern.Length : end;
        while (_position < stop)
        {
            LiteralAt();
        }

        _position = end < 0 ? stop : end + 2;
    }

    /// <summary>Reads <c>\d \s \w</c>, <c>\pN</c>, <c>\p{Name}</c> and their negations, if one is here.</summary>
    private bool TryReadEscapedSet([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RuneSet? set)
    {
        set = null;
        if (_position + 1 >= _pattern.Length || _pattern[_position] != '\\')
        {
            return false;
        }

        char kind = _pattern[_position + 1];
        if (kind is 'p' or 'P')
        {
            set = ReadUnicodeSet(negated: kind == 'P');
            return true;
        }

        RuneSet? perl = char.ToLowerInvariant(kind) switch
        {
            'd' => RuneSet.Digits,
            's' => RuneSet.PerlSpace,
            'w' => RuneSet.Words,
            _ => null,
        };
        if (perl is null)
        {
            return false;
        }

        _position += 2;
        set = char.IsAsciiLetterUpper(kind) ? perl.Complement() : perl;
        return true;
    }

    private RuneSet ReadUnicodeSet(bool negated)
    {
        int start = _position;
        int nameStart = start + 2;
        if (nameStart >= _pattern.Length)
        {
            throw new GoRegexSyntaxException("invalid character class range", _pattern[start..]);
        }

        int nameEnd = nameStart + RuneLength(nameStart);
        int end = nameEnd;
        if (_pattern[nameStart] == '{')
        {
            nameStart++;
            nameEnd = _pattern.IndexOf('}', nameStart);
            if (nameEnd < 0)
            {
                throw new GoRegexSyntaxException("invalid character class range", _pattern[start..]);
            }

            end = nameEnd + 1;
            if (_pattern[nameStart] == '^')
            {
                negated = !negated;
                nameStart++;
            }
        }

        string name = _pattern[nameStart..nameEnd];
        RuneSet set = RuneSet.OfCategory(name)
            ?? throw new GoRegexSyntaxException("invalid character class range", _pattern[start..end]);
        _position = end;
        return negated ? set.Complement() : set;
    }

    private int ReadEscapedRune()
    {
        int start = _position;
        _position++;
        if (_position >= _pattern.Length)
        {
            throw new GoRegexSyntaxException("trailing backslash at end of expression", "");
        }

        int rune = RuneAt(_position);
        _position += RuneLength(_position);
        int value = rune switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => ReadHex(),
            // A single digit other than 0 would be a back-reference, which RE2 does not have.
            >= '1' and <= '7' when !IsOctalDigit(_position) => -1,
            >= '0' and <= '7' => ReadOctal(rune - '0'),
            < 0x80 when !char.IsAsciiLetterOrDigit((char)rune) => rune,
            _ => -1,
        };
        return value >= 0
            ? value
            : throw new GoRegexSyntaxException("invalid escape sequence", _pattern[start.._position]);
    }

    private bool IsOctalDigit(int index) => index < _pattern.Length && _pattern[index] is >= '0' and <= '7';

    private int ReadOctal(int first)
    {
        int value = first;
        for (int digits = 1; digits < 3 && IsOctalDigit(_position); digits++)
        {
            value = (value * 8) + (_pattern[_position++] - '0');
        }

        return value;
    }

    /// <summary>Reads two digits, or any number of them in braces.</summary>
    /// <returns>-1 with the position behind the offending character when they are not hexadecimal.</returns>
    private int ReadHex()
    {
        if (_position >= _pattern.Length)
        {
            return -1;
        }

        if (_pattern[_position] != '{')
        {
            int high = ReadHexDigit();
            if (_position >= _pattern.Length)
            {
                return -1;
            }

            int low = ReadHexDigit();
            return high < 0 || low < 0 ? -1 : (high * 16) + low;
        }

        _position++;
        int value = 0;
        int count = 0;
        while (_position < _pattern.Length)
        {
            if (_pattern[_position] == '}')
            {
                _position++;
                return count > 0 ? value : -1;
            }

            int digit = ReadHexDigit();
            value = (value * 16) + digit;
            if (digit < 0 || value > 0x10ffff)
            {
                return -1;
            }

            count++;
        }

        return -1;
    }

    private int ReadHexDigit()
    {
        int rune = RuneAt(_position);
        _position += RuneLength(_position);
        return rune < 0x80 && char.IsAsciiHexDigit((char)rune) ? Convert.ToInt32(((char)rune).ToString(), 16) : -1;
    }

    private void ReadClass()
    {
        int start = _position;
        _position++;
        bool negated = _position < _pattern.Length && _pattern[_position] == '^';
        _position += negated ? 1 : 0;

        RuneSet set = RuneSet.Empty;
        bool first = true;
        while (_position >= _pattern.Length || _pattern[_position] != ']' || first)
        {
            first = false;
            if (TryReadNamedClass(out RuneSet? part) || TryReadEscapedSet(out part))
            {
                set = set.Union(part);
                continue;
            }

            int rangeStart = _position;
            int low = ReadClassRune(start);
            int high = low;
            if (_position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']')
            {
                _position++;
                high = ReadClassRune(start);
                if (high < low)
                {
                    throw new GoRegexSyntaxException("invalid character class range", _pattern[rangeStart.._position]);
                }
            }

            set = set.With(low, high);
        }

        _position++;
        if (_frame.Flags.HasFlag(Flags.FoldCase))
        {
            set = set.FoldCase();
        }

        Item((negated ? set.Complement() : set).ToPattern(), 1);
    }

    private int ReadClassRune(int classStart)
    {
        if (_position >= _pattern.Length)
        {
            throw new GoRegexSyntaxException("missing closing ]", _pattern[classStart..]);
        }

        if (_pattern[_position] == '\\')
        {
            return ReadEscapedRune();
        }

        int rune = RuneAt(_position);
        _position += RuneLength(_position);
        return rune;
    }

    /// <summary>Reads <c>[:alpha:]</c> or <c>[:^alpha:]</c>, if one is here.</summary>
    private bool TryReadNamedClass([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RuneSet? set)
    {
        set = null;
        if (_position + 2 >= _pattern.Length || _pattern[_position] != '[' || _pattern[_position + 1] != ':')
        {
            return false;
        }

        int end = _pattern.IndexOf(":]", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        string name = _pattern[(_position + 2)..end];
        bool negated = name.StartsWith('^');
        RuneSet named = RuneSet.OfPosixName(negated ? name[1..] : name)
            ?? throw new GoRegexSyntaxException("invalid character class range", _pattern[_position..(end + 2)]);
        _position = end + 2;
        set = negated ? named.Complement() : named;
        return true;
    }
}
