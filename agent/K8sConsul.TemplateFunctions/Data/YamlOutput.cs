using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Data as YAML, in the manner of Go's yaml.v2: block style, sorted keys, lists not indented below their key.</summary>
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
            Key(key, indent);
            _text.Append(':');
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

        // Not by List.Sort, which fails when it finds that three keys have no order.
        return [.. entries.OrderBy(entry => entry.Key, Comparer<object>.Create(
            (left, right) => left is string a && right is string b ? NaturalOrder.Compare(a, b) : 0))];
    }

    /// <summary>One that is long or has several lines is announced, and its value stands on a line of its own.</summary>
    private void Key(object key, int indent)
    {
        const int SimpleBytesMax = 128;
        string? text = key as string;
        if (text is null || (!text.Contains('\n', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= SimpleBytesMax))
        {
            _text.Append(text is null ? ScalarText(key) : YamlLine.Write(text, column: 0, indent: -1));
            return;
        }

        _text.Append("? ");
        Scalar(text, indent + IndentWidth);
        _text.Append('\n');
        Pad(indent);
    }

    private void Scalar(object? data, int indent)
    {
        if (data is not string text)
        {
            _text.Append(ScalarText(data));
        }
        else if (text.Contains('\n', StringComparison.Ordinal))
        {
            Literal(text, indent);
        }
        else
        {
            _text.Append(YamlLine.Write(text, Column(), Math.Max(indent, IndentWidth)));
        }
    }

    /// <summary>How many characters stand on the line.</summary>
    private int Column()
    {
        int count = 0;
        for (int i = _text.Length - 1; i >= 0 && _text[i] != '\n'; i--)
        {
            count += char.IsLowSurrogate(_text[i]) ? 0 : 1;
        }

        return count;
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
                return YamlLine.Write(own.ToTemplateText(), column: 0, indent: -1);
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

    private void Literal(string text, int indent)
    {
        if (text.EndsWith(' ') || text.Contains(" \n", StringComparison.Ordinal)
            || YamlLetters.NeedsEscapes(text.Replace("\n", "", StringComparison.Ordinal)))
        {
            _text.Append(YamlLine.WriteEscaped(text, Column(), Math.Max(indent, IndentWidth)));
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
        else if (text is "\n" || text.EndsWith("\n\n", StringComparison.Ordinal))
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
}
