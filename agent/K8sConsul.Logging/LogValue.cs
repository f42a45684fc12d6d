using System.Collections;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Logging;

/// <summary>Values as hclog shows them.</summary>
internal static class LogValue
{
    /// <summary>Without quotes; lists in brackets, their own texts quoted where they hold blanks.</summary>
    public static string ToText(object? value)
    {
        return value switch
        {
            null => "<nil>",
            string text => text,
            bool flag => flag ? "true" : "false",
            TimeSpan span => GoDuration.Format(span),
            double real => GoReal.Format(real),
            float real => GoReal.Format(real),
            Exception failure => failure.Message,
            IDictionary => value.ToString() ?? string.Empty,
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Quoted(ToText(item))))}]",
            IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? string.Empty,
        };
    }

    /// <summary>The value of a pair. A list is never quoted as a whole.</summary>
    public static string ToPairText(object? value)
    {
        string text = ToText(value);
        return value is IEnumerable and not string and not IDictionary ? text : Quoted(text);
    }

    private static string Quoted(string text)
    {
        return text.AsSpan().IndexOfAny(" \t\n\r") >= 0 ? $"\"{text}\"" : text;
    }
}
