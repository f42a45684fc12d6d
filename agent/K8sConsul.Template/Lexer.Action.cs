using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>What stands between the delimiters.</summary>
internal sealed partial class Lexer
{
    private Token ScanAction()
    {
        if (AtRightDelimiter(out _))
        {
            return _parentheses == 0 ? ScanRightDelimiter() : Fail("unclosed left paren");
        }

        int c = Peek();
        if (IsBlank(c))
        {
            return ScanSpace();
        }

        if (c is '+' or '-' or (>= '0' and <= '9') || (c == '.' && NextIsDigit()))
        {
            return ScanNumber();
        }

        if (IsAlphanumeric(c))
        {
            return ScanIdentifier();
        }

        Take();
        switch (c)
        {
            case EndOfText:
                return Fail("unclosed action");
            case '=':
                return Emit(TokenKind.Assign);
            case ':':
                return Take() == '=' ? Emit(TokenKind.Declare) : Fail("expected :=");
            case '|':
                return Emit(TokenKind.Pipe);
            case '"':
                return ScanQuoted('"', TokenKind.String, "unterminated quoted string");
            case '\'':
                return ScanQuoted('\'', TokenKind.CharConstant, "unterminated character constant");
            case '`':
                return ScanRawString();
            case '$':
                return ScanName(TokenKind.Variable, alone: TokenKind.Variable);
            case '.':
                return ScanName(TokenKind.Field, alone: TokenKind.Dot);
            case '(':
                _parentheses++;
                return Emit(TokenKind.LeftParenthesis);
            case ')':
                _parentheses--;
                return _parentheses < 0 ? Fail("unexpected right paren") : Emit(TokenKind.RightParenthesis);
            case > ' ' and < 0x7f:
                return Emit(TokenKind.Char);
            default:
                return Fail($"unrecognized character in action: {Describe(c)}");
        }
    }

    // A dot at the very end reads as a number, and is then refused as one.
    private bool NextIsDigit() => _position + 1 >= _text.Length || char.IsAsciiDigit(_text[_position + 1]);

    /// <summary>A run of blanks, less the one that belongs to a closing trim marker.</summary>
    private Token ScanSpace()
    {
        int last = _position;
        int lines = 0;
        while (IsBlank(Peek()))
        {
            last = _position;
            lines = _line;
            Take();
        }

        ReadOnlySpan<char> rest = _text.AsSpan(last);
        if (EndsWithTrim(rest) && rest[TrimMarkerLength..].StartsWith(_delimiters.Right, StringComparison.Ordinal))
        {
            _position = last;
            _line = lines;
            if (last == _start)
            {
                return ScanRightDelimiter();
            }
        }

        return Emit(TokenKind.Space);
    }

    private Token ScanIdentifier()
    {
        TakeAlphanumeric();
        string word = _text[_start.._position];
        if (!AtTerminator())
        {
            return BadCharacter();
        }

        return Emit(word switch
        {
            "true" or "false" => TokenKind.Bool,
            "block" => TokenKind.Block,
            "break" when _breakIsKeyword => TokenKind.Break,
            "continue" when _continueIsKeyword => TokenKind.Continue,
            "define" => TokenKind.Define,
            "else" => TokenKind.Else,
            "end" => TokenKind.End,
            "if" => TokenKind.If,
            "nil" => TokenKind.Nil,
            "range" => TokenKind.Range,
            "template" => TokenKind.Template,
            "with" => TokenKind.With,
            _ => TokenKind.Identifier,
        });
    }

    /// <summary>A field or variable whose dot or dollar sign has been taken.</summary>
    private Token ScanName(TokenKind kind, TokenKind alone)
    {
        if (AtTerminator())
        {
            return Emit(alone);
        }

        TakeAlphanumeric();
        return AtTerminator() ? Emit(kind) : BadCharacter();
    }

    private void TakeAlphanumeric()
    {
        while (IsAlphanumeric(Peek(out int length)))
        {
            _position += length;
        }
    }

    /// <summary>Whether a name may end here: <c>.x+2</c> is no sum, and must not read as two operands either.</summary>
    private bool AtTerminator()
    {
        int c = Peek();
        return IsBlank(c)
            || c is EndOfText or '.' or ',' or '|' or ':' or ')' or '('
            || _text.AsSpan(_position).StartsWith(_delimiters.Right, StringComparison.Ordinal);
    }

    private Token BadCharacter() => Fail($"bad character {Describe(Peek())}");

    private Token ScanQuoted(char quote, TokenKind kind, string unterminated)
    {
        while (true)
        {
            int c = Take();
            if (c == '\\')
            {
                c = Take();
                if (c is not ('\n' or EndOfText))
                {
                    continue;
                }
            }

            if (c is '\n' or EndOfText)
            {
                return Fail(unterminated);
            }

            if (c == quote)
            {
                return Emit(kind);
            }
        }
    }

    private Token ScanRawString()
    {
        while (true)
        {
            switch (Take())
            {
                case EndOfText:
                    return Fail("unterminated raw quoted string");
                case '`':
                    return Emit(TokenKind.RawString);
            }
        }
    }

    /// <summary>A number in any of Go's forms, or what begins like one: the parser decides by its value.</summary>
    private Token ScanNumber()
    {
        if (!TryTakeNumber())
        {
            return BadNumber();
        }

        if (Peek() is not ('+' or '-'))
        {
            return Emit(TokenKind.Number);
        }

        // A complex constant: 1+2i, without blanks.
        return TryTakeNumber() && _text[_position - 1] == 'i' ? Emit(TokenKind.Complex) : BadNumber();
    }

    private Token BadNumber() => Fail($"bad number syntax: {GoText.Quote(_text[_start.._position])}");

    private bool TryTakeNumber()
    {
        const string Decimal = "0123456789_";
        const string Hexadecimal = "0123456789abcdefABCDEF_";
        Accept("+-");
        string digits = Decimal;
        if (Accept("0"))
        {
            digits = Accept("xX") ? Hexadecimal : Accept("oO") ? "01234567_" : Accept("bB") ? "01_" : Decimal;
        }

        AcceptRun(digits);
        if (Accept("."))
        {
            AcceptRun(digits);
        }

        if ((digits == Decimal && Accept("eE")) || (digits == Hexadecimal && Accept("pP")))
        {
            Accept("+-");
            AcceptRun(Decimal);
        }

        Accept("i");
        if (!IsAlphanumeric(Peek()))
        {
            return true;
        }

        Take();
        return false;
    }

    /// <summary><c>U+002D '-'</c></summary>
    private static string Describe(int c)
    {
        if (c < 0)
        {
            return "U+FFFFFFFFFFFFFFFF";
        }

        string number = "U+" + c.ToString("X4", CultureInfo.InvariantCulture);
        return GoText.IsPrintable(new Rune(c)) ? $"{number} '{new Rune(c)}'" : number;
    }
}
