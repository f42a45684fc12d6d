using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Data as YAML, in the manner of Go's yaml.v2: block style, sorted keys, lists not indented below their key.</summary>
/// <remarks>Long lines are not folded.</remarks>
internal sealed class YamlOutput
{
    private const int IndentWidth = 2;

    private readonly TemplateCall _call;
    private readonly StringBuilder _text = new();

    private YamlOutput(TemplateCall call)
    {
        _call = call;
    }

    /// <summary>Ends with a line break.</summary>
    public static string Write(TemplateCall call, object? data)
    {
        var output = new YamlOutput(call);
        output.Node(data, indent: 0, depth: 0);
        return output._text.ToString();
    }

    /// <summary>Writes behind what stands on the line, and ends the line.</summary>
    /// <param name="data">The value.</param>
    /// <param name="indent">Of the lines that follow.</param>
    /// <param name="depth">How deep it lies.</param>
    private void Node(object? data, int indent, int depth)
    {
        CallExtensions.CheckDepth(depth);
        _call.CountItems(1);
        _call.CheckLength(_text.Length);
        if (EntriesOf(data) is { Count: > 0 } entries)
        {
            Mapping(entries, indent, depth);
        }
        else if (GoData.TryItems(data) is { Count: > 0 } items)
        {
            Sequence(items, indent, depth);
        }
        else
        {
            Scalar(data, indent);
            _text.Append('\n');
        }
    }

    private void Mapping(List<KeyValuePair<object, object?>> entries, int indent, int depth)
    {
        bool first = true;
        foreach ((object key, object? value) in entries)
        {
            if (!first)
            {
                Pad(indent);
            }

            first = false;
            _text.Append(KeyText(key)).Append(':');
            if (EntriesOf(value) is { Count: > 0 })
            {
                _text.Append('\n');
                Pad(indent + IndentWidth);
                Node(value, indent + IndentWidth, depth + 1);
            }
            else if (GoData.TryItems(value) is { Count: > 0 })
            {
                _text.Append('\n');
                Pad(indent);
                Node(value, indent, depth + 1);
            }
            else
            {
                _text.Append(' ');
                Node(value, indent + IndentWidth, depth + 1);
            }
        }
    }

    private void Sequence(IReadOnlyList<object?> items, int indent, int depth)
    {
        bool first = true;
        foreach (object? item in items)
        {
            if (!first)
            {
                Pad(indent);
            }

            first = false;
            _text.Append("- ");
            Node(item, indent + IndentWidth, depth + 1);
        }
    }

    private void Pad(int indent)
    {
        _call.CheckLength(_text.Length + indent);
        _text.Append(' ', indent);
    }

    /// <summary>Of a map, or the fields of a structure under their names in small letters.</summary>
    private static List<KeyValuePair<object, object?>>? EntriesOf(object? data)
    {
        if (data is ITemplateObject structure)
        {
            return [.. structure.FieldNames
                .Where(name => char.IsUpper(name[0]))
                .Select(name => KeyValuePair.Create<object, object?>(
                    name.ToLowerInvariant(), structure.TryGetField(name, out object? value) ? value : null))];
        }

        if (GoData.TryEntries(data) is not { } entries)
        {
            return null;
        }

        List<KeyValuePair<object, object?>> sorted = [.. entries];
        sorted.Sort((left, right) => left.Key is string a && right.Key is string b ? NaturalOrder.Compare(a, b) : 0);
        return sorted;
    }

    private string KeyText(object key)
    {
        return key is string text ? (text.Contains('\n', StringComparison.Ordinal) ? DoubleQuoted(text) : Inline(text)) : ScalarText(key);
    }

    private void Scalar(object? data, int indent)
    {
        if (data is string text && text.Contains('\n', StringComparison.Ordinal))
        {
            Literal(text, indent);
        }
        else
        {
            _text.Append(data is string line ? Inline(line) : ScalarText(data));
        }
    }

    private string ScalarText(object? data)
    {
        switch (data)
        {
            case null:
                return "null";
            case bool flag:
                return flag ? "true" : "false";
            case GoTime time:
                return time.ToJson();
            case ITemplateText { Value: null } own:
                return Inline(own.ToTemplateText());
        }

        GoType type = GoData.TypeOf(data)!;
        if (type.IsSigned)
        {
            return GoData.Signed(data).ToString(CultureInfo.InvariantCulture);
        }

        if (type.IsUnsigned)
        {
            return GoData.Unsigned(data).ToString(CultureInfo.InvariantCulture);
        }

        if (type.IsFloat)
        {
            return GoData.Real(data) switch
            {
                double.PositiveInfinity => ".inf",
                double.NegativeInfinity => "-.inf",
                double.NaN => ".nan",
                _ => _call.Print(data),
            };
        }

        return type.Kind switch
        {
            GoKind.Map or GoKind.Struct or GoKind.Pointer => "{}",
            GoKind.Slice => "[]",
            _ => throw new TemplateFunctionException($"cannot marshal type: {type.Name}"),
        };
    }

    /// <summary>Plain where it reads back as the same text, quoted otherwise.</summary>
    private static string Inline(string text)
    {
        if (YamlScalar.Resolve(text) is not string || YamlScalar.IsBase60(text) || YamlLetters.NeedsEscapes(text))
        {
            return DoubleQuoted(text);
        }

        return YamlLetters.MayBePlain(text) ? text : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    private void Literal(string text, int indent)
    {
        if (text.Trim('\n').Length == 0 || text.EndsWith(' ') || text.Contains(" \n", StringComparison.Ordinal)
            || YamlLetters.NeedsEscapes(text.Replace("\n", "", StringComparison.Ordinal)))
        {
            _text.Append(DoubleQuoted(text));
            return;
        }

        _text.Append('|');
        if (text[0] is ' ' or '\n')
        {
            _text.Append(IndentWidth);
        }

        if (!text.EndsWith('\n'))
        {
            _text.Append('-');
        }
        else if (text.EndsWith("\n\n", StringComparison.Ordinal))
        {
            _text.Append('+');
        }

        string body = text.EndsWith('\n') ? text[..^1] : text;
        foreach (string line in body.Split('\n'))
        {
            _text.Append('\n');
            if (line.Length > 0)
            {
                Pad(Math.Max(indent, IndentWidth));
                _text.Append(line);
            }
        }
    }

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            YamlLetters.AppendEscaped(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }
}
