using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace K8sConsul.Contracts.GoJson;

/// <summary>
/// Writes JSON as Go's encoder does, byte for byte: <c>&lt; &gt; &amp;</c> and the two line separators escaped, invalid
/// text replaced, floats in Go's shortest form, and in the pretty form an indent of four spaces and no space inside
/// empty lists and objects.
/// </summary>
/// <remarks>
/// System.Text.Json can give neither the escapes in lower case nor Go's floats nor its indentation, and clients compare
/// bodies. Nothing is validated beyond commas and indentation: the callers are our own encoders.
/// </remarks>
public sealed class GoJsonWriter(IBufferWriter<byte> output, bool pretty, string indent = "    ", bool escapesHtml = true)
{
    private readonly byte[] _indent = Encoding.ASCII.GetBytes(indent);
    private int _depth;
    private bool _needsComma;
    private bool _afterName;

    public void BeginObject() => Begin((byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray() => Begin((byte)'[');

    public void EndArray() => End((byte)']');

    /// <summary>The name of the next member, ASCII without characters that need escaping.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Span<byte> span = output.GetSpan(name.Length + 4);
        int at = 0;
        span[at++] = (byte)'"';
        name.CopyTo(span[at..]);
        at += name.Length;
        span[at++] = (byte)'"';
        span[at++] = (byte)':';
        if (pretty)
        {
            span[at++] = (byte)' ';
        }

        output.Advance(at);
        _afterName = true;
    }

    /// <summary>The name of the next member, of any content.</summary>
    public void Name(string name)
    {
        Separate();
        Escaped(name);
        Raw(pretty ? ": "u8 : ":"u8);
        _afterName = true;
    }

    public void String(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        Separate();
        Escaped(value);
        _needsComma = true;
    }

    public void Number(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out int written);
        output.Advance(written);
        _needsComma = true;
    }

    public void Number(ulong value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out int written);
        output.Advance(written);
        _needsComma = true;
    }

    /// <summary>A float as Go prints it: shortest, with an exponent below 1e-6 and from 1e21 on.</summary>
    public void Number(double value)
    {
        Separate();
        Raw(Encoding.ASCII.GetBytes(FormatFloat(value)));
        _needsComma = true;
    }

    /// <summary>As short as tells one 32-bit float from the next.</summary>
    public void Number(float value)
    {
        Separate();
        Raw(Encoding.ASCII.GetBytes(FormatFloat(value, value.ToString("R", CultureInfo.InvariantCulture))));
        _needsComma = true;
    }

    public void Bool(bool value)
    {
        Separate();
        Raw(value ? "true"u8 : "false"u8);
        _needsComma = true;
    }

    public void Null()
    {
        Separate();
        Raw("null"u8);
        _needsComma = true;
    }

    /// <summary>Bytes in standard padded base64.</summary>
    public void Base64(ReadOnlySpan<byte> value)
    {
        Separate();
        int length = Base64Length(value.Length);
        Span<byte> span = output.GetSpan(length + 2);
        span[0] = (byte)'"';
        System.Buffers.Text.Base64.EncodeToUtf8(value, span[1..], out _, out int written);
        span[written + 1] = (byte)'"';
        output.Advance(written + 2);
        _needsComma = true;
    }

    /// <summary>Compact JSON text that was checked before; re-indented in the pretty form.</summary>
    public void Value(GoJsonValue value)
    {
        switch (value.Kind)
        {
            case GoJsonKind.Null:
                Null();
                break;
            case GoJsonKind.Bool:
                Bool(value.Bool);
                break;
            case GoJsonKind.Number:
                // Go holds any number of a free form in a float64, and prints that.
                Number(double.Parse(value.Text, CultureInfo.InvariantCulture));
                break;
            case GoJsonKind.String:
                String(value.Text);
                break;
            case GoJsonKind.Array:
                BeginArray();
                foreach (GoJsonValue item in value.Items)
                {
                    Value(item);
                }

                EndArray();
                break;
            default:
                BeginObject();
                foreach ((string name, GoJsonValue member) in value.Members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    Name(name);
                    Value(member);
                }

                EndObject();
                break;
        }
    }

    /// <summary>Ends a document: the pretty form carries a newline.</summary>
    public void EndDocument()
    {
        if (pretty)
        {
            Raw("\n"u8);
        }
    }

    internal static string FormatFloat(double value) => FormatFloat(value, value.ToString("R", CultureInfo.InvariantCulture));

    private static string FormatFloat(double value, string shortest)
    {
        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        double magnitude = Math.Abs(value);
        (string digits, int exponent, bool negative) = Split(shortest);
        if (magnitude is >= 1e-6 and < 1e21)
        {
            return Plain(digits, exponent, negative);
        }

        var text = new StringBuilder();
        text.Append(negative ? "-" : string.Empty).Append(digits[0]);
        if (digits.Length > 1)
        {
            text.Append('.').Append(digits, 1, digits.Length - 1);
        }

        // Go's encoder cleans e-09 to e-9, and prints at least two digits otherwise.
        int shown = exponent - 1;
        text.Append('e').Append(shown < 0 ? '-' : '+');
        text.Append(Math.Abs(shown).ToString(shown < 0 ? "0" : "00", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static int Base64Length(int bytes) => System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes);

    /// <summary>Significant digits and the decimal exponent such that value = 0.digits × 10^exponent.</summary>
    private static (string Digits, int Exponent, bool Negative) Split(string shortest)
    {
        bool negative = shortest[0] == '-';
        string body = negative ? shortest[1..] : shortest;
        int exponent = 0;
        int e = body.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(body.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            body = body[..e];
        }

        int point = body.IndexOf('.', StringComparison.Ordinal);
        string digits = body.Replace(".", string.Empty, StringComparison.Ordinal);
        exponent += point < 0 ? body.Length : point;
        int zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0') is { Length: > 0 } trimmed ? trimmed : "0", exponent - zeros, negative);
    }

    private static string Plain(string digits, int exponent, bool negative)
    {
        string sign = negative ? "-" : string.Empty;
        if (exponent <= 0)
        {
            return sign + "0." + new string('0', -exponent) + digits;
        }

        return exponent >= digits.Length
            ? sign + digits + new string('0', exponent - digits.Length)
            : sign + digits[..exponent] + "." + digits[exponent..];
    }

    private void Begin(byte bracket)
    {
        Separate();
        output.GetSpan(1)[0] = bracket;
        output.Advance(1);
        _depth++;
        _needsComma = false;
    }

    private void End(byte bracket)
    {
        _depth--;
        if (_needsComma)
        {
            NewLine();
        }

        output.GetSpan(1)[0] = bracket;
        output.Advance(1);
        _needsComma = true;
    }

    /// <summary>Puts what belongs between the last value and the next: a comma and, in the pretty form, a line break.</summary>
    private void Separate()
    {
        if (_afterName)
        {
            _afterName = false;
            _needsComma = true;
            return;
        }

        if (_needsComma)
        {
            Raw(","u8);
        }

        if (_depth > 0)
        {
            NewLine();
        }

        _needsComma = true;
    }

    private void NewLine()
    {
        if (!pretty)
        {
            return;
        }

        int length = 1 + (_depth * _indent.Length);
        Span<byte> span = output.GetSpan(length);
        span[0] = (byte)'\n';
        for (int i = 0; i < _depth; i++)
        {
            _indent.CopyTo(span[(1 + (i * _indent.Length))..]);
        }

        output.Advance(length);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private void Escaped(string value)
    {
        Raw("\""u8);
        ReadOnlySpan<char> rest = value;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOfAny(escapesHtml ? Special : SpecialOutsideHtml);
            if (plain < 0)
            {
                plain = rest.Length;
            }

            if (plain > 0)
            {
                int max = Encoding.UTF8.GetMaxByteCount(plain);
                output.Advance(Encoding.UTF8.GetBytes(rest[..plain], output.GetSpan(max)));
                rest = rest[plain..];
                continue;
            }

            EscapeOne(ref rest);
        }

        Raw("\""u8);
    }

    private void EscapeOne(ref ReadOnlySpan<char> rest)
    {
        char c = rest[0];
        switch (c)
        {
            case '"':
                Raw("\\\""u8);
                break;
            case '\\':
                Raw("\\\\"u8);
                break;
            case '\n':
                Raw("\\n"u8);
                break;
            case '\r':
                Raw("\\r"u8);
                break;
            case '\t':
                Raw("\\t"u8);
                break;
            default:
                if (char.IsSurrogate(c))
                {
                    Surrogate(ref rest);
                    return;
                }

                Span<byte> span = output.GetSpan(6);
                "\\u"u8.CopyTo(span);
                Utf8Formatter.TryFormat((uint)c, span[2..], out _, new StandardFormat('x', 4));
                output.Advance(6);
                break;
        }

        rest = rest[1..];
    }

    private void Surrogate(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]))
        {
            output.Advance(Encoding.UTF8.GetBytes(rest[..2], output.GetSpan(4)));
            rest = rest[2..];
            return;
        }

        Raw("\\ufffd"u8);
        rest = rest[1..];
    }

    private static readonly SearchValues<char> SpecialOutsideHtml = SearchValues.Create(SpecialCharacters());

    private static readonly SearchValues<char> Special = SearchValues.Create([.. SpecialCharacters(), '<', '>', '&']);

    private static char[] SpecialCharacters()
    {
        return
        [
            .. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', '\u2028', '\u2029',
            .. Enumerable.Range(0xd800, 0x800).Select(c => (char)c),
        ];
    }
}
