using System.Globalization;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Api;

/// <summary>
/// Takes values out of a parsed body with the rules and the error texts of Go's decoder. A field is
/// named as Go names it in the error, e.g. <c>.Port</c>.
/// </summary>
public static class JsonDecode
{
    /// <summary>Parses a body that must be an object.</summary>
    /// <exception cref="GoJsonException">The body is no JSON, or no object.</exception>
    public static GoJsonValue Object(ReadOnlySpan<byte> body, string goType)
    {
        GoJsonValue value = GoJsonParser.Parse(body);
        return value.Kind is GoJsonKind.Object or GoJsonKind.Null
            ? value
            : throw new GoJsonException($"json: cannot unmarshal {value.GoKind} into Go value of type {goType}");
    }

    /// <param name="type">Go's name of the type, where it has one of its own.</param>
    public static string Text(GoJsonValue value, string field, string type = "string") => value.Kind switch
    {
        GoJsonKind.String => value.Text,
        GoJsonKind.Null => string.Empty,
        _ => throw Wrong(value, field, type),
    };

    public static bool Bool(GoJsonValue value, string field) => value.Kind switch
    {
        GoJsonKind.Bool => value.Bool,
        GoJsonKind.Null => false,
        _ => throw Wrong(value, field, "bool"),
    };

    public static int Int(GoJsonValue value, string field)
    {
        if (value.IsNull)
        {
            return 0;
        }

        if (value.Kind != GoJsonKind.Number)
        {
            throw Wrong(value, field, "int");
        }

        return int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new GoJsonException($"json: cannot unmarshal number {value.Text} into Go struct field {field} of type int");
    }

    public static ulong UInt(GoJsonValue value, string field, string type = "uint64")
    {
        if (value.IsNull)
        {
            return 0;
        }

        if (value.Kind != GoJsonKind.Number)
        {
            throw Wrong(value, field, type);
        }

        return ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new GoJsonException($"json: cannot unmarshal number {value.Text} into Go struct field {field} of type {type}");
    }

    public static double Float(GoJsonValue value, string field)
    {
        if (value.IsNull)
        {
            return 0;
        }

        if (value.Kind != GoJsonKind.Number)
        {
            throw Wrong(value, field, "float64");
        }

        double number = double.Parse(value.Text, CultureInfo.InvariantCulture);
        return double.IsFinite(number)
            ? number
            : throw new GoJsonException($"json: cannot unmarshal number {value.Text} into Go struct field {field} of type float64");
    }

    public static IReadOnlyList<GoJsonValue> List(GoJsonValue value, string field, string type) => value.Kind switch
    {
        GoJsonKind.Array => value.Items,
        GoJsonKind.Null => [],
        _ => throw Wrong(value, field, type),
    };

    public static IReadOnlyList<string> Texts(GoJsonValue value, string field, string type = "string")
    {
        IReadOnlyList<GoJsonValue> items = List(value, field, "[]" + type);
        string[] texts = new string[items.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Text(items[i], field, type);
        }

        return texts;
    }

    public static StringMap? Map(GoJsonValue value, string field)
    {
        if (value.IsNull)
        {
            return null;
        }

        if (value.Kind != GoJsonKind.Object)
        {
            throw Wrong(value, field, "map[string]string");
        }

        return StringMap.Of(value.Members.Select(m => new KeyValuePair<string, string>(m.Key, Text(m.Value, field))));
    }

    /// <summary>
    /// A Go duration text, or nanoseconds as a number. Consul's decoders take such a field as <c>interface{}</c> and look at
    /// texts and numbers only, so that any other kind counts as absent.
    /// </summary>
    public static TimeSpan Duration(GoJsonValue value, string field) => value.Kind switch
    {
        GoJsonKind.String => GoDuration.TryParse(value.Text, out GoDuration duration, out string error)
            ? OfNanoseconds(duration.Nanoseconds)
            : throw new GoJsonException(error),
        GoJsonKind.Number => OfNanoseconds((long)Float(value, field)),
        _ => TimeSpan.Zero,
    };

    /// <summary>What is not zero stays so: rules ask whether a duration was given.</summary>
    private static TimeSpan OfNanoseconds(long nanoseconds)
    {
        long ticks = nanoseconds / TimeSpan.NanosecondsPerTick;
        return TimeSpan.FromTicks(ticks == 0 ? Math.Sign(nanoseconds) : ticks);
    }

    /// <summary>The members of an object; none of null.</summary>
    public static IReadOnlyList<KeyValuePair<string, GoJsonValue>> Members(GoJsonValue value, string field, string type) => value.Kind switch
    {
        GoJsonKind.Object => value.Members,
        GoJsonKind.Null => [],
        _ => throw Wrong(value, field, type),
    };

    public static GoJsonException Wrong(GoJsonValue value, string field, string type) =>
        new($"json: cannot unmarshal {value.GoKind} into Go struct field {field} of type {type}");

    public static GoJsonException Unknown(string name) => new($"json: unknown field \"{name}\"");
}
