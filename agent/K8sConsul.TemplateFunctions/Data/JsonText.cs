using System.Globalization;
using System.Text;
using K8sConsul.Contracts.GoJson;

namespace K8sConsul.Template.Functions;

/// <summary>Data as JSON and back, as Go's <c>encoding/json</c> does.</summary>
internal static class JsonText
{
    /// <exception cref="TemplateFunctionException">In Go's words: <c>json: unsupported value: NaN</c>.</exception>
    public static string Write(TemplateCall call, object? data, bool pretty = false, bool escapesHtml = true)
    {
        using var buffer = new PooledBuffer();
        var writer = new GoJsonWriter(buffer, pretty, indent: "  ", escapesHtml);
        Write(call, writer, buffer, data, depth: 0);
        return Encoding.UTF8.GetString(buffer.Span);
    }

    /// <exception cref="TemplateFunctionException">In Go's words: <c>invalid character …</c>.</exception>
    public static object? Read(TemplateCall call, string text)
    {
        try
        {
            return Data(call, GoJsonParser.ParseDocument(Encoding.UTF8.GetBytes(text)));
        }
        catch (GoJsonException refused)
        {
            throw new TemplateFunctionException(refused.Message, refused);
        }
    }

    private static object? Data(TemplateCall call, GoJsonValue value)
    {
        call.CountItems(1);
        switch (value.Kind)
        {
            case GoJsonKind.Bool:
                return value.Bool;
            case GoJsonKind.Number:
                double number = double.Parse(value.Text, CultureInfo.InvariantCulture);
                return double.IsFinite(number)
                    ? number
                    : throw new TemplateFunctionException($"json: cannot unmarshal number {value.Text} into Go value of type float64");
            case GoJsonKind.String:
                return value.Text;
            case GoJsonKind.Array:
                return value.Items.Select(item => Data(call, item)).ToList();
            case GoJsonKind.Object:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach ((string name, GoJsonValue member) in value.Members)
                {
                    map[name] = Data(call, member);
                }

                return map;
            default:
                return null;
        }
    }

    private static void Write(TemplateCall call, GoJsonWriter writer, PooledBuffer buffer, object? data, int depth)
    {
        CallExtensions.CheckDepth(depth);
        call.CountItems(1);
        call.CheckLength(buffer.Length);
        switch (data)
        {
            case null:
                writer.Null();
                return;
            case string text:
                writer.String(text);
                return;
            case bool flag:
                writer.Bool(flag);
                return;
            case byte[] bytes:
                writer.Base64(bytes);
                return;
            case float single when float.IsFinite(single):
                writer.Number(single);
                return;
            case GoTime time:
                writer.String(time.ToJson());
                return;
            case ITemplateText { Value: null } text:
                writer.String(text.ToTemplateText());
                return;
            case ITemplateObject structure:
                WriteStructure(call, writer, buffer, structure, depth);
                return;
        }

        GoType type = GoData.TypeOf(data)!;
        if (type.IsSigned)
        {
            writer.Number(GoData.Signed(data));
        }
        else if (type.IsUnsigned)
        {
            writer.Number(GoData.Unsigned(data));
        }
        else if (type.IsFloat)
        {
            double real = GoData.Real(data);
            if (!double.IsFinite(real))
            {
                throw new TemplateFunctionException($"json: unsupported value: {call.Print(real)}");
            }

            writer.Number(real);
        }
        else if (GoData.TryItems(data) is { } items)
        {
            writer.BeginArray();
            foreach (object? item in items)
            {
                Write(call, writer, buffer, item, depth + 1);
            }

            writer.EndArray();
        }
        else if (type.Kind == GoKind.Map)
        {
            WriteMap(call, writer, buffer, data, type, depth);
        }
        else
        {
            throw new TemplateFunctionException($"json: unsupported type: {type.Name}");
        }
    }

    private static void WriteMap(TemplateCall call, GoJsonWriter writer, PooledBuffer buffer, object data, GoType type, int depth)
    {
        if (type.Key is not { } key || !(key.IsWhole || key.Kind == GoKind.String))
        {
            throw new TemplateFunctionException($"json: unsupported type: {type.Name}");
        }

        // Keys that are numbers stand in the order of their digits.
        IEnumerable<KeyValuePair<string, object?>> entries = GoData.TryEntries(data)!.Select(e => KeyValuePair.Create(call.Print(e.Key), e.Value));
        writer.BeginObject();
        foreach ((string name, object? value) in key.IsWhole ? entries.OrderBy(e => e.Key, StringComparer.Ordinal) : entries)
        {
            writer.Name(name);
            Write(call, writer, buffer, value, depth + 1);
        }

        writer.EndObject();
    }

    private static void WriteStructure(TemplateCall call, GoJsonWriter writer, PooledBuffer buffer, ITemplateObject structure, int depth)
    {
        writer.BeginObject();
        foreach (string name in structure.FieldNames)
        {
            if (char.IsUpper(name[0]) && structure.TryGetField(name, out object? value))
            {
                writer.Name(name);
                Write(call, writer, buffer, value, depth + 1);
            }
        }

        writer.EndObject();
    }
}
