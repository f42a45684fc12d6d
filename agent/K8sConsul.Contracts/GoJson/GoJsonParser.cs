using System.Globalization;
using System.Text;

namespace K8sConsul.Contracts.GoJson;

/// <summary>
/// Reads JSON with the rules and the error texts of Go's decoder, because clients see those texts. One value is read;
/// what follows it is ignored, as <c>json.Decoder.Decode</c> does.
/// </summary>
public ref struct GoJsonParser
{
    /// <summary>Go's own limit is 10,000; no body of this API nests deeper than ten.</summary>
    private const int DepthMax = 1_000;

    private readonly ReadOnlySpan<byte> _input;
    private int _at;
    private int _depth;

    private GoJsonParser(ReadOnlySpan<byte> input) => _input = input;

    /// <exception cref="GoJsonException">In Go's words: <c>EOF</c>, <c>unexpected EOF</c>, <c>invalid character …</c>.</exception>
    public static GoJsonValue Parse(ReadOnlySpan<byte> input)
    {
        var parser = new GoJsonParser(input);
        parser.SkipSpace();
        return parser.AtEnd ? throw new GoJsonException("EOF") : parser.ReadValue();
    }

    /// <summary>Reads a text that holds one value and nothing else, as <c>json.Unmarshal</c> does.</summary>
    /// <exception cref="GoJsonException">In Go's words: <c>unexpected end of JSON input</c>, <c>invalid character …</c>.</exception>
    public static GoJsonValue ParseDocument(ReadOnlySpan<byte> input)
    {
        var parser = new GoJsonParser(input);
        try
        {
            GoJsonValue value = parser.ReadValue();
            parser.SkipSpace();
            return parser.AtEnd ? value : throw parser.Unexpected("after top-level value");
        }
        catch (GoJsonException) when (parser.AtEnd)
        {
            throw new GoJsonException("unexpected end of JSON input");
        }
    }

    private readonly bool AtEnd => _at >= _input.Length;

    private GoJsonValue ReadValue()
    {
        SkipSpace();
        byte c = Peek();
        switch (c)
        {
            case (byte)'{':
                return ReadObject();
            case (byte)'[':
                return ReadArray();
            case (byte)'"':
                return GoJsonValue.Of(ReadString());
            case (byte)'t':
                ReadLiteral("true"u8);
                return GoJsonValue.Of(value: true);
            case (byte)'f':
                ReadLiteral("false"u8);
                return GoJsonValue.Of(value: false);
            case (byte)'n':
                ReadLiteral("null"u8);
                return GoJsonValue.Null;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return GoJsonValue.OfNumber(ReadNumber());
            default:
                throw Unexpected("looking for beginning of value");
        }
    }

    private GoJsonValue ReadObject()
    {
        Enter();
        _at++;
        var members = new List<KeyValuePair<string, GoJsonValue>>();
        SkipSpace();
        if (Peek() == '}')
        {
            return Leave(GoJsonValue.Of(members));
        }

        while (true)
        {
            SkipSpace();
            if (Peek() != '"')
            {
                throw Unexpected("looking for beginning of object key string");
            }

            string name = ReadString();
            SkipSpace();
            if (Peek() != ':')
            {
                throw Unexpected("after object key");
            }

            _at++;
            members.Add(new(name, ReadValue()));
            SkipSpace();
            switch (Peek())
            {
                case (byte)',':
                    _at++;
                    break;
                case (byte)'}':
                    return Leave(GoJsonValue.Of(members));
                default:
                    throw Unexpected("after object key:value pair");
            }
        }
    }

    private GoJsonValue ReadArray()
    {
        Enter();
        _at++;
        var items = new List<GoJsonValue>();
        SkipSpace();
        if (Peek() == ']')
        {
            return Leave(GoJsonValue.Of(items));
        }

        while (true)
        {
            items.Add(ReadValue());
            SkipSpace();
            switch (Peek())
            {
                case (byte)',':
                    _at++;
                    break;
                case (byte)']':
                    return Leave(GoJsonValue.Of(items));
                default:
                    throw Unexpected("after array element");
            }
        }
    }

    private void Enter()
    {
        if (++_depth > DepthMax)
        {
            throw new GoJsonException($"invalid character '{(char)Peek()}' exceeded max depth");
        }
    }

    private GoJsonValue Leave(GoJsonValue value)
    {
        _at++;
        _depth--;
        return value;
    }

    private void ReadLiteral(ReadOnlySpan<byte> literal)
    {
        for (int i = 0; i < literal.Length; i++, _at++)
        {
            if (Peek() != literal[i])
            {
                throw Unexpected($"in literal {Encoding.ASCII.GetString(literal)} (expecting '{(char)literal[i]}')");
            }
        }
    }

    private string ReadNumber()
    {
        int start = _at;
        if (_input[_at] == '-')
        {
            _at++;
        }

        if (AtEnd)
        {
            throw UnexpectedEnd();
        }

        if (_input[_at] == '0')
        {
            _at++;
        }
        else if (!SkipDigits())
        {
            throw Unexpected("in numeric literal");
        }

        if (!AtEnd && _input[_at] == '.')
        {
            _at++;
            RequireDigits("after decimal point in numeric literal");
        }

        if (!AtEnd && _input[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (!AtEnd && _input[_at] is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            RequireDigits("in exponent of numeric literal");
        }

        return Encoding.ASCII.GetString(_input[start.._at]);
    }

    private void RequireDigits(string context)
    {
        if (AtEnd)
        {
            throw UnexpectedEnd();
        }

        if (!SkipDigits())
        {
            throw Unexpected(context);
        }
    }

    private bool SkipDigits()
    {
        int start = _at;
        while (!AtEnd && char.IsAsciiDigit((char)_input[_at]))
        {
            _at++;
        }

        return _at > start;
    }

    private string ReadString()
    {
        _at++;
        int start = _at;
        while (true)
        {
            byte c = Peek();
            if (c == '"')
            {
                // Invalid UTF-8 becomes U+FFFD, as in Go.
                string plain = Encoding.UTF8.GetString(_input[start.._at]);
                _at++;
                return plain;
            }

            if (c == '\\')
            {
                return ReadEscaped(start);
            }

            if (c < 0x20)
            {
                throw Unexpected("in string literal");
            }

            _at++;
        }
    }

    private string ReadEscaped(int start)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(_input[start.._at]));
        while (true)
        {
            byte c = Peek();
            switch (c)
            {
                case (byte)'"':
                    _at++;
                    return text.ToString();
                case (byte)'\\':
                    _at++;
                    ReadEscape(text);
                    break;
                case < 0x20:
                    throw Unexpected("in string literal");
                default:
                    int run = _at;
                    while (!AtEnd && _input[_at] is not ((byte)'"' or (byte)'\\') && _input[_at] >= 0x20)
                    {
                        _at++;
                    }

                    text.Append(Encoding.UTF8.GetString(_input[run.._at]));
                    break;
            }
        }
    }

    private void ReadEscape(StringBuilder text)
    {
        byte c = Peek();
        char plain = c switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)c,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => '\0',
            _ => throw Unexpected("in string escape code"),
        };
        _at++;
        if (c != 'u')
        {
            text.Append(plain);
            return;
        }

        char unit = ReadHex4();
        if (!char.IsSurrogate(unit))
        {
            text.Append(unit);
            return;
        }

        // A pair is one character; a lone half becomes U+FFFD, as in Go.
        if (char.IsHighSurrogate(unit) && _input[_at..].StartsWith("\\u"u8))
        {
            int mark = _at;
            _at += 2;
            char low = ReadHex4();
            if (char.IsLowSurrogate(low))
            {
                text.Append(unit).Append(low);
                return;
            }

            _at = mark;
        }

        text.Append('\ufffd');
    }

    private char ReadHex4()
    {
        int value = 0;
        for (int i = 0; i < 4; i++, _at++)
        {
            byte c = Peek();
            if (!char.IsAsciiHexDigit((char)c))
            {
                throw Unexpected("in \\u hexadecimal character escape");
            }

            value = (value << 4) | int.Parse([(char)c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return (char)value;
    }

    private void SkipSpace()
    {
        while (!AtEnd && _input[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    private readonly byte Peek() => AtEnd ? throw UnexpectedEnd() : _input[_at];

    private static GoJsonException UnexpectedEnd() => new("unexpected EOF");

    private readonly GoJsonException Unexpected(string context)
    {
        byte c = _input[_at];
        string shown = c switch
        {
            (byte)'\'' => @"'\''",
            (byte)'"' => "'\"'",
            (byte)'\\' => @"'\\'",
            (byte)'\n' => @"'\n'",
            (byte)'\r' => @"'\r'",
            (byte)'\t' => @"'\t'",
            (byte)'\a' => @"'\a'",
            (byte)'\b' => @"'\b'",
            (byte)'\f' => @"'\f'",
            (byte)'\v' => @"'\v'",
            < 0x20 or 0x7f => $@"'\x{c:x2}'",
            _ => $"'{(char)c}'",
        };
        return new GoJsonException($"invalid character {shown} {context}");
    }
}
