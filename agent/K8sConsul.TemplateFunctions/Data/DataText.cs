namespace K8sConsul.Template.Functions;

/// <summary>Data as YAML, JSON and TOML and back, for hosts that have functions of their own.</summary>
public static class DataText
{
    /// <summary>The first document of a text: whole numbers as int, maps with text keys as <c>map[string]interface {}</c>.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="call">Charged for it, where the text comes out of a template.</param>
    /// <exception cref="TemplateFunctionException"><c>yaml: line N: …</c>.</exception>
    public static object? ReadYaml(string text, TemplateCall? call = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return YamlInput.Read(call, text);
    }

    /// <summary>In block style, with a line break at the end.</summary>
    /// <exception cref="TemplateFunctionException">There is no form for it.</exception>
    public static string WriteYaml(TemplateCall call, object? data)
    {
        ArgumentNullException.ThrowIfNull(call);
        return YamlOutput.Write(call, data);
    }

    /// <summary>All numbers are floats.</summary>
    /// <exception cref="TemplateFunctionException">In the words of Go's encoding/json.</exception>
    public static object? ReadJson(TemplateCall call, string text)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(text);
        return JsonText.Read(call, text);
    }

    /// <summary>On one line, with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped.</summary>
    /// <exception cref="TemplateFunctionException">There is no form for it.</exception>
    public static string WriteJson(TemplateCall call, object? data)
    {
        ArgumentNullException.ThrowIfNull(call);
        return JsonText.Write(call, data);
    }

    /// <exception cref="TemplateFunctionException">There is no form for it.</exception>
    public static string WriteToml(TemplateCall call, object? data)
    {
        ArgumentNullException.ThrowIfNull(call);
        return TomlOutput.Write(call, data);
    }
}
