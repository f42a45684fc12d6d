using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>A map as TOML: plain values first, then a table for each map in it, each level indented by two blanks.</summary>
internal sealed class TomlOutput
{
    private readonly TemplateCall _call;
    private readonly StringBuilder _text = new();

    private TomlOutput(TemplateCall call)
    {
        _call = call;
    }

    /// <exception cref="TemplateFunctionException">It holds what TOML has no form for, such as nil in a list.</exception>
    public static string Write(TemplateCall call, object? data)
    {
        var output = new TomlOutput(call);
        output.Table(EntriesOf(data) ?? throw new TemplateFunctionException("toml: top-level values must be Go maps or structs"), "", depth: 0);
        return output._text.ToString();
    }

    private static IReadOnlyList<KeyValuePair<object, object?>>? EntriesOf(object? data)
    {
        return data is ITemplateObject structure
            ? [.. structure.FieldNames.Where(name => char.IsUpper(name[0])).Select(
                name => KeyValuePair.Create<object, object?>(name, structure.TryGetField(name, out object? value) ? value : null))]
            : GoData.TryEntries(data);
    }

    private void Table(IReadOnlyList<KeyValuePair<object, object?>> entries, string path, int depth)
    {
        CallExtensions.CheckDepth(depth);
        _call.CountItems(entries.Count);
        _call.CheckLength(_text.Length);
        string indent = path.Length == 0 ? "" : new string(' ', 2 * depth);
        foreach ((object key, object? value) in entries)
        {
            if (value is not null && EntriesOf(value) is null && !IsListOfTables(value))
            {
                _text.Append(indent).Append(Key(key)).Append(" = ");
                Value(value, depth + 1);
                _text.Append('\n');
            }
        }

        foreach ((object key, object? value) in entries)
        {
            string name = path.Length == 0 ? Key(key) : path + "." + Key(key);
            string inner = path.Length == 0 ? "" : indent;
            if (EntriesOf(value) is { } table)
            {
                Header(inner + "[" + name + "]");
                Table(table, name, path.Length == 0 ? 1 : depth + 1);
            }
            else if (value is not null && IsListOfTables(value))
            {
                foreach (object? item in GoData.TryItems(value)!)
                {
                    Header(inner + "[[" + name + "]]");
                    Table(EntriesOf(item)!, name, path.Length == 0 ? 1 : depth + 1);
                }
            }
        }
    }

    private void Header(string line)
    {
        _text.Append(_text.Length > 0 ? "\n" : "").Append(line).Append('\n');
    }

    private static bool IsListOfTables(object value)
    {
        return GoData.TryItems(value) is { Count: > 0 } items && EntriesOf(items[0]) is not null && items.All(item => EntriesOf(item) is not null);
    }

    private static string Key(object key)
    {
        if (key is not string text)
        {
            throw new TemplateFunctionException("toml: cannot encode a map with non-string key type");
        }

        return text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? text : Quoted(text);
    }

    private void Value(object? value, int depth)
    {
        CallExtensions.CheckDepth(depth);
        _call.CountItems(1);
        _call.CheckLength(_text.Length);
        switch (value)
        {
            case null:
                throw new TemplateFunctionException("toml: cannot encode array with nil element");
            case string text:
                _text.Append(Quoted(text));
                return;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                return;
            case GoTime time:
                _text.Append(time.ToJson());
                return;
        }

        GoType type = GoData.TypeOf(value)!;
        if (type.IsSigned)
        {
            _text.Append(GoData.Signed(value).ToString(CultureInfo.InvariantCulture));
        }
        else if (type.IsUnsigned)
        {
            _text.Append(GoData.Unsigned(value).ToString(CultureInfo.InvariantCulture));
        }
        else if (type.IsFloat)
        {
            _text.Append(Float(GoData.Real(value)));
        }
        else if (GoData.TryItems(value) is { } items)
        {
            List(items, depth);
        }
        else if (EntriesOf(value) is { } entries)
        {
            Inline(entries, depth);
        }
        else
        {
            throw new TemplateFunctionException($"toml: unsupported type: {type.Name}");
        }
    }

    private void List(IReadOnlyList<object?> items, int depth)
    {
        _text.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "");
            Value(items[i], depth + 1);
        }

        _text.Append(']');
    }

    private void Inline(IReadOnlyList<KeyValuePair<object, object?>> entries, int depth)
    {
        _text.Append('{');
        for (int i = 0; i < entries.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "").Append(Key(entries[i].Key)).Append(" = ");
            Value(entries[i].Value, depth + 1);
        }

        _text.Append('}');
    }

    private string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string text = _call.Print(value);
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => @"\b",
                '\t' => @"\t",
                '\n' => @"\n",
                '\f' => @"\f",
                '\r' => @"\r",
                < ' ' or '\u007f' => @"\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
