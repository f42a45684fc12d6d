using System.Globalization;
using System.Text;
using System.Text.Json;

namespace K8sConsul.Helm.Values;

/// <summary>One argument of <c>--set</c> and its sisters: <c>a.b=c,l[0].x=1,m={p,q}</c>, written into the values.</summary>
internal sealed class SetArgument
{
    private const int IndexMax = 65_536;
    private const int NestingMax = 30;

    private readonly string _text;
    private readonly SetKind _kind;
    private int _at;

    private SetArgument(string text, SetKind kind)
    {
        _text = text;
        _kind = kind;
    }

    private bool AtEnd => _at == _text.Length;

    /// <exception cref="HelmException"><c>failed parsing --set data: …</c>.</exception>
    public static void Apply(string text, SetKind kind, Dictionary<string, object?> values)
    {
        try
        {
            var argument = new SetArgument(text, kind);
            while (!argument.AtEnd)
            {
                argument.Entry(values, nesting: 0);
            }
        }
        catch (FormatException refused)
        {
            string option = kind switch
            {
                SetKind.Text => "--set-string",
                SetKind.Json => "--set-json",
                _ => "--set",
            };
            throw new HelmException($"failed parsing {option} data: {refused.Message}", refused);
        }
    }

    private void Entry(Dictionary<string, object?> target, int nesting)
    {
        string key = Until("=[,.", out char last);
        switch (last)
        {
            case '\0':
                throw new FormatException($"key \"{key}\" has no value");
            case ',':
                throw new FormatException($"key \"{key}\" has no value (cannot end with ,)");
            case '=':
                Put(target, key, Value());
                break;
            case '[':
                Put(target, key, Item(As<List<object?>>(target, key, "[]interface {}"), Index(), nesting));
                break;
            default:
                if (nesting == NestingMax)
                {
                    throw new FormatException($"value name nested level is greater than maximum supported nested level of {NestingMax}");
                }

                Dictionary<string, object?> inner = As<Dictionary<string, object?>>(target, key, "map[string]interface {}");
                if (AtEnd)
                {
                    throw new FormatException($"key map \"{key}\" has no value");
                }

                Entry(inner, nesting + 1);
                Put(target, key, inner);
                break;
        }
    }

    /// <summary>Behind the bracket that closes an index.</summary>
    private List<object?> Item(List<object?> list, int index, int nesting)
    {
        string between = Until("[.=", out char last);
        if (between.Length > 0)
        {
            throw new FormatException($"unexpected data at end of array index: \"{between}\"");
        }

        object? old = index < list.Count ? list[index] : null;
        object? item;
        switch (last)
        {
            case '=':
                item = Value();
                break;
            case '[':
                item = Item(old as List<object?> ?? [], Index(), nesting);
                break;
            case '.':
                Dictionary<string, object?> inner = old as Dictionary<string, object?> ?? new(StringComparer.Ordinal);
                Entry(inner, nesting);
                item = inner;
                break;
            default:
                throw new FormatException("an index has no value");
        }

        while (list.Count <= index)
        {
            list.Add(null);
        }

        list[index] = item;
        return list;
    }

    private int Index()
    {
        string digits = Until("]", out char last);
        if (last != ']' || !int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            throw new FormatException($"error parsing index: strconv.Atoi: parsing \"{digits}\": invalid syntax");
        }

        return index switch
        {
            < 0 => throw new FormatException($"negative {index} index not allowed"),
            > IndexMax => throw new FormatException($"index of {index} is greater than maximum supported index of {IndexMax}"),
            _ => index,
        };
    }

    private object? Value()
    {
        if (_kind == SetKind.Json)
        {
            return Json();
        }

        if (AtEnd || _text[_at] != '{')
        {
            return Typed(Until(",", out _));
        }

        _at++;
        var list = new List<object?>();
        while (true)
        {
            string item = Until(",}", out char last);
            list.Add(Typed(item));
            if (last == '}')
            {
                _at += !AtEnd && _text[_at] == ',' ? 1 : 0;
                return list;
            }

            if (last == '\0')
            {
                throw new FormatException("list must terminate with '}'");
            }
        }
    }

    /// <summary>One JSON value, then blanks and a comma. Nothing is null.</summary>
    private object? Json()
    {
        object? value = null;
        SkipBlanks();
        if (!AtEnd && _text[_at] != ',')
        {
            byte[] bytes = Encoding.UTF8.GetBytes(_text[_at..]);
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state: new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
            try
            {
                // A number at the very end is known to be whole only in the final block.
                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
                {
                    reader = new Utf8JsonReader(bytes);
                    document = JsonDocument.ParseValue(ref reader);
                }

                using (document)
                {
                    value = OfJson(document.RootElement);
                }
            }
            catch (JsonException refused)
            {
                throw new FormatException(refused.Message, refused);
            }

            _at += Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed));
        }

        SkipBlanks();
        _at += !AtEnd && _text[_at] == ',' ? 1 : 0;
        return value;
    }

    private void SkipBlanks()
    {
        while (!AtEnd && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private static object? OfJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(OfJson).ToList(),
        JsonValueKind.Object => element.EnumerateObject().GroupBy(member => member.Name, StringComparer.Ordinal).ToDictionary(
            member => member.Key, member => OfJson(member.Last().Value), StringComparer.Ordinal),
        _ => null,
    };

    /// <summary>A number without leading zeros is an int64; there are no floats.</summary>
    private object? Typed(string text)
    {
        return text.ToLowerInvariant() switch
        {
            _ when _kind == SetKind.Text => text,
            "true" => true,
            "false" => false,
            "null" => null,
            "0" => 0L,
            _ when text.Length > 0 && text[0] != '0'
                && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
            _ => text,
        };
    }

    /// <summary>What stands before one of the marks, which is passed over; a backslash takes away what the next character means.</summary>
    /// <param name="marks">Where to stop.</param>
    /// <param name="last">The mark; NUL at the end.</param>
    private string Until(string marks, out char last)
    {
        var text = new StringBuilder();
        while (!AtEnd)
        {
            char c = _text[_at++];
            if (marks.Contains(c, StringComparison.Ordinal))
            {
                last = c;
                return text.ToString();
            }

            if (c == '\\' && !AtEnd)
            {
                c = _text[_at++];
            }
            else if (c == '\\')
            {
                break;
            }

            text.Append(c);
        }

        last = '\0';
        return text.ToString();
    }

    private static void Put(Dictionary<string, object?> target, string key, object? value)
    {
        if (key.Length > 0)
        {
            target[key] = value;
        }
    }

    private static T As<T>(Dictionary<string, object?> target, string key, string wanted)
        where T : class, new()
    {
        if (!target.TryGetValue(key, out object? found))
        {
            return typeof(T) == typeof(Dictionary<string, object?>) ? (T)(object)new Dictionary<string, object?>(StringComparer.Ordinal) : new T();
        }

        string own = found switch
        {
            null => "nil",
            double => "float64",
            long => "int64",
            bool => "bool",
            string => "string",
            List<object?> => "[]interface {}",
            _ => "map[string]interface {}",
        };
        return found as T
            ?? throw new FormatException($"unable to parse key: interface conversion: interface {{}} is {own}, not {wanted}");
    }
}
