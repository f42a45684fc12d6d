using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Hcl;

/// <summary>JSON to the same tree as HCL, with the error texts of Go's decoder.</summary>
public static class JsonParser
{
    /// <summary>Reads a whole text, in UTF-8. A bare <c>null</c> counts as an empty object.</summary>
    public static ParseOutcome Parse(ReadOnlySpan<byte> source)
    {
        return Parse(source, wholeNumbers: false);
    }

    /// <summary>With whole numbers, those without point and exponent become <see cref="ConfigInteger"/>, as in HCL.</summary>
    internal static ParseOutcome Parse(ReadOnlySpan<byte> source, bool wholeNumbers)
    {
        if (source.Length > SourceLimits.SourceBytesMax)
        {
            return ParseOutcome.Refused(SourceLimits.TooLarge(source.Length));
        }

        try
        {
            return new JsonReader(source, wholeNumbers).ReadFile() switch
            {
                ConfigObject root => ParseOutcome.Accepted(root),
                ConfigNull nothing => ParseOutcome.Accepted(new ConfigObject([], nothing.Position)),
                ConfigValue other => ParseOutcome.Refused(
                    $"json: cannot unmarshal {JsonKind(other)} into Go value of type map[string]interface {{}}"),
            };
        }
        catch (HclRefusedException refused)
        {
            return ParseOutcome.Refused(refused.Message);
        }
    }

    private static string JsonKind(ConfigValue value)
    {
        return value switch
        {
            ConfigList => "array",
            ConfigText => "string",
            ConfigFlag => "bool",
            _ => "number",
        };
    }

    private ref struct JsonReader
    {
        private readonly ReadOnlySpan<byte> _source;
        private readonly bool _wholeNumbers;
        private int _at;
        private int _line;

        // The column is counted up to here; it goes on from there, as generated files may be one long line.
        private int _columnAt;
        private int _column;
        private int _nesting;

        // A value that is well formed but does not fit a number is told only when the whole text is well formed.
        private string? _unfitting;

        public JsonReader(ReadOnlySpan<byte> source, bool wholeNumbers)
        {
            _source = source;
            _wholeNumbers = wholeNumbers;
            _line = 1;
            _column = 1;
        }

        public ConfigValue ReadFile()
        {
            SkipBlanks();
            ConfigValue value = ReadValue();
            SkipBlanks();
            if (_at < _source.Length)
            {
                throw Invalid("after top-level value");
            }

            return _unfitting is null ? value : throw new HclRefusedException(_unfitting);
        }

        private ConfigValue ReadValue()
        {
            SourcePosition position = Here();
            switch (Peek())
            {
                case (byte)'{':
                    return ReadObject(position);
                case (byte)'[':
                    return ReadArray(position);
                case (byte)'"':
                    return new ConfigText(ReadText(), position);
                case (byte)'t':
                    TakeWord("true");
                    return new ConfigFlag(value: true, position);
                case (byte)'f':
                    TakeWord("false");
                    return new ConfigFlag(value: false, position);
                case (byte)'n':
                    TakeWord("null");
                    return new ConfigNull(position);
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                    return ReadNumber(position);
                default:
                    throw Invalid("looking for beginning of value");
            }
        }

        private ConfigObject ReadObject(SourcePosition position)
        {
            Enter();
            var members = new List<KeyValuePair<string, ConfigValue>>();
            if (Peek() == '}')
            {
                Leave();
                return new ConfigObject(members, position);
            }

            while (true)
            {
                if (Peek() != '"')
                {
                    throw Invalid("looking for beginning of object key string");
                }

                string key = ReadText();
                SkipBlanks();
                if (Peek() != ':')
                {
                    throw Invalid("after object key");
                }

                _at++;
                SkipBlanks();
                members.Add(new KeyValuePair<string, ConfigValue>(key, ReadValue()));
                SkipBlanks();
                byte next = Peek();
                if (next == '}')
                {
                    Leave();
                    return new ConfigObject(members, position);
                }

                if (next != ',')
                {
                    throw Invalid("after object key:value pair");
                }

                _at++;
                SkipBlanks();
            }
        }

        private ConfigList ReadArray(SourcePosition position)
        {
            Enter();
            var items = new List<ConfigValue>();
            if (Peek() == ']')
            {
                Leave();
                return new ConfigList(items, isBlocks: false, position);
            }

            while (true)
            {
                items.Add(ReadValue());
                SkipBlanks();
                byte next = Peek();
                if (next == ']')
                {
                    Leave();
                    return new ConfigList(items, isBlocks: false, position);
                }

                if (next != ',')
                {
                    throw Invalid("after array element");
                }

                _at++;
                SkipBlanks();
            }
        }

        private void TakeWord(string word)
        {
            for (int i = 0; i < word.Length; i++)
            {
                if (Peek() != word[i])
                {
                    throw Invalid($"in literal {word} (expecting '{word[i]}')");
                }

                _at++;
            }
        }

        private ConfigValue ReadNumber(SourcePosition position)
        {
            int start = _at;
            bool whole = true;
            if (Peek() == '-')
            {
                _at++;
            }

            if (Peek() == '0')
            {
                _at++;
            }
            else
            {
                TakeDigits("in numeric literal");
            }

            if (_at < _source.Length && _source[_at] == '.')
            {
                _at++;
                whole = false;
                TakeDigits("after decimal point in numeric literal");
            }

            if (_at < _source.Length && _source[_at] is (byte)'e' or (byte)'E')
            {
                _at++;
                whole = false;
                if (Peek() is (byte)'+' or (byte)'-')
                {
                    _at++;
                }

                TakeDigits("in exponent of numeric literal");
            }

            string text = Encoding.ASCII.GetString(_source[start.._at]);
            if (whole && _wholeNumbers && long.TryParse(text, CultureInfo.InvariantCulture, out long integer))
            {
                return new ConfigInteger(integer, text, position);
            }

            if (!HclLiteral.TryParseReal(text, out double real, out _))
            {
                _unfitting ??= $"json: cannot unmarshal number {text} into Go value of type float64";
            }

            return new ConfigReal(real, text, position);
        }

        private void TakeDigits(string context)
        {
            if (!char.IsAsciiDigit((char)Peek()))
            {
                throw Invalid(context);
            }

            while (_at < _source.Length && char.IsAsciiDigit((char)_source[_at]))
            {
                _at++;
            }
        }

        private string ReadText()
        {
            _at++;
            int start = _at;
            while (Peek() is not ((byte)'"' or (byte)'\\') and >= 0x20)
            {
                _at++;
            }

            // Invalid UTF-8 becomes the replacement character, here and in Go.
            string plain = Encoding.UTF8.GetString(_source[start.._at]);
            if (Peek() == '"')
            {
                _at++;
                return plain;
            }

            return ReadEscapedText(new StringBuilder(plain));
        }

        private string ReadEscapedText(StringBuilder text)
        {
            while (true)
            {
                byte c = Peek();
                switch (c)
                {
                    case (byte)'"':
                        _at++;
                        return Repaired(text);
                    case (byte)'\\':
                        _at++;
                        text.Append(ReadEscape());
                        break;
                    case < 0x20:
                        throw Invalid("in string literal");
                    default:
                        int start = _at;
                        while (Peek() is not ((byte)'"' or (byte)'\\') and >= 0x20)
                        {
                            _at++;
                        }

                        text.Append(Encoding.UTF8.GetString(_source[start.._at]));
                        break;
                }
            }
        }

        private char ReadEscape()
        {
            byte c = Peek();
            switch (c)
            {
                case (byte)'b':
                    _at++;
                    return '\b';
                case (byte)'f':
                    _at++;
                    return '\f';
                case (byte)'n':
                    _at++;
                    return '\n';
                case (byte)'r':
                    _at++;
                    return '\r';
                case (byte)'t':
                    _at++;
                    return '\t';
                case (byte)'"' or (byte)'\\' or (byte)'/':
                    _at++;
                    return (char)c;
                case (byte)'u':
                    _at++;
                    return ReadCodeUnit();
                default:
                    throw Invalid("in string escape code");
            }
        }

        private char ReadCodeUnit()
        {
            int code = 0;
            for (int i = 0; i < 4; i++)
            {
                byte c = Peek();
                if (!char.IsAsciiHexDigit((char)c))
                {
                    throw Invalid("in \\u hexadecimal character escape");
                }

                code = (code * 16) + Convert.ToInt32(((char)c).ToString(), 16);
                _at++;
            }

            return (char)code;
        }

        /// <summary>A half of a surrogate pair becomes the replacement character.</summary>
        private static string Repaired(StringBuilder text)
        {
            var repaired = new StringBuilder(text.Length);
            foreach (Rune rune in text.ToString().EnumerateRunes())
            {
                repaired.Append(rune.ToString());
            }

            return repaired.ToString();
        }

        private void Enter()
        {
            if (++_nesting > SourceLimits.NestingMax)
            {
                throw new HclRefusedException("exceeded max depth");
            }

            _at++;
            SkipBlanks();
        }

        private void Leave()
        {
            _nesting--;
            _at++;
        }

        private void SkipBlanks()
        {
            for (; _at < _source.Length && _source[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'; _at++)
            {
                if (_source[_at] == '\n')
                {
                    _line++;
                    _columnAt = _at + 1;
                    _column = 1;
                }
            }
        }

        private readonly byte Peek()
        {
            return _at < _source.Length ? _source[_at] : throw new HclRefusedException("unexpected end of JSON input");
        }

        private SourcePosition Here()
        {
            for (; _columnAt < _at; _columnAt++)
            {
                // Bytes that continue a character do not count.
                _column += (_source[_columnAt] & 0xc0) == 0x80 ? 0 : 1;
            }

            return new SourcePosition(_line, _column);
        }

        private readonly HclRefusedException Invalid(string context)
        {
            // Go names the byte, as if it were a character of its own.
            var character = new Rune((char)Peek());
            string quoted = character.Value switch
            {
                '\'' => @"'\''",
                '"' => @"'""'",
                _ => $"'{GoText.Quote(character.ToString())[1..^1]}'",
            };
            return new HclRefusedException($"invalid character {quoted} {context}");
        }
    }
}
