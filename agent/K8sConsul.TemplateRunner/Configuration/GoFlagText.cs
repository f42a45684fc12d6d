using K8sConsul.Go;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Go's booleans, and its words for what is none.</summary>
internal static class GoFlagText
{
    public static bool TryParseBool(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "TRUE" or "true" or "True";
        return value || text is "0" or "f" or "F" or "FALSE" or "false" or "False";
    }

    public static string BoolError(string text)
    {
        return $"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax";
    }
}
