using System.Globalization;

namespace K8sConsul.Helm.Values;

/// <summary>A value as Go's <c>%v</c> prints it in a warning or error.</summary>
internal static class GoForm
{
    public static string Of(object? value) => value switch
    {
        null => "<nil>",
        bool flag => flag ? "true" : "false",
        double number when Math.Abs(number) >= 1e21 || (number != 0 && Math.Abs(number) < 1e-4) => number.ToString("E", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        List<object?> list => $"[{string.Join(' ', list.Select(Of))}]",
        Dictionary<string, object?> map => $"map[{string.Join(' ', map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}:{Of(e.Value)}"))}]",
        _ => value.ToString()!,
    };
}
