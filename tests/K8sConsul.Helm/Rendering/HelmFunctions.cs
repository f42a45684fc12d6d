using K8sConsul.Go;
using K8sConsul.Helm.Values;
using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>What Helm gives to templates: Sprig without the environment, and its own.</summary>
internal static class HelmFunctions
{
    /// <summary>The template that the others are associated with; it has no text but that of <c>tpl</c>.</summary>
    private const string Unnamed = "gotpl";

    private const int InclusionsMax = 1000;

    public static TemplateFunctions Create(FunctionHost host)
    {
        TemplateFunctions functions = new TemplateFunctions()
            .AddSprig(host with { Environment = null })
            .AddWithCall("include", (TemplateCall call, string name, object? data) => Include(call, name, data))
            .AddWithCall("tpl", (TemplateCall call, string text, object? data) => ExecuteText(call, text, data))
            .Add("required", (string message, object? value) => value is null or "" ? throw ErrorTexts.Raise(message) : value)
            .Add<string, string>("fail", message => throw ErrorTexts.Raise(message))
            .Add("lookup", (string apiVersion, string kind, string space, string name) => new Dictionary<string, object?>(StringComparer.Ordinal))
            // Names are not looked up unless Helm is told to.
            .Add("getHostByName", (string name) => "");
        AddFormats(functions);
        return functions;
    }

    /// <summary>In either direction a failure is no error, but nothing, or the text of the failure.</summary>
    private static void AddFormats(TemplateFunctions functions)
    {
        functions
            .AddWithCall("mustToYaml", (TemplateCall call, object? data) => YamlForm.Write(call, data))
            .AddWithCall("toYaml", (TemplateCall call, object? data) => Try(() => YamlForm.Write(call, data), _ => ""))
            .AddWithCall("toJson", (TemplateCall call, object? data) => Try(() => DataText.WriteJson(call, data), _ => ""))
            .AddWithCall("toToml", (TemplateCall call, object? data) => Try(() => DataText.WriteToml(call, data), error => error))
            .AddWithCall("fromYaml", (TemplateCall call, string text) => Try(() => YamlValues.ReadMap(text, call), Failure))
            .AddWithCall("fromYamlArray", (TemplateCall call, string text) => Try(() => YamlValues.ReadList(text, call), error => [error]))
            .AddWithCall("fromJson", (TemplateCall call, string text) => Try<Dictionary<string, object?>?>(() => JsonMap(call, text), Failure))
            .AddWithCall("fromJsonArray", (TemplateCall call, string text) => Try<List<object?>?>(() => JsonList(call, text), error => [error]));
    }

    private static string Include(TemplateCall call, string name, object? data)
    {
        if (!call.Templates.Contains(name))
        {
            throw new TemplateFunctionException($"template: no template {GoText.Quote(name)} associated with template \"{Unnamed}\"");
        }

        Dictionary<string, int> included = ((RenderState)call.State!).Included;
        int depth = included.GetValueOrDefault(name);
        if (depth > InclusionsMax)
        {
            throw new TemplateFunctionException($"rendering template has a nested reference name: {name}: unable to execute template");
        }

        included[name] = depth + 1;
        try
        {
            return call.Execute(name, data);
        }
        finally
        {
            included[name] = depth;
        }
    }

    /// <summary>A text as template; what it defines, only it can include.</summary>
    private static string ExecuteText(TemplateCall call, string text, object? data)
    {
        TemplateSet templates;
        try
        {
            // Without the outer text of a tpl within a tpl, which a blank one would not replace.
            templates = call.Templates.Without(Unnamed).Parse(Unnamed, text);
        }
        catch (TemplateException refused) when (refused.Kind != TemplateErrorKind.Limit)
        {
            throw new TemplateFunctionException($"cannot parse template {GoText.Quote(text)}: {refused.Message}", refused);
        }

        try
        {
            return ErrorTexts.WithoutNoValue(call.Execute(templates, Unnamed, data));
        }
        catch (TemplateException failed) when (failed.Kind != TemplateErrorKind.Limit)
        {
            throw new TemplateFunctionException($"error during tpl function execution for {GoText.Quote(text)}: {failed.Message}", failed);
        }
    }

    private static Dictionary<string, object?>? JsonMap(TemplateCall call, string text)
    {
        return DataText.ReadJson(call, text) switch
        {
            null => null,
            Dictionary<string, object?> map => map,
            object other => throw WrongKind(other, "map[string]interface {}"),
        };
    }

    private static List<object?>? JsonList(TemplateCall call, string text)
    {
        return DataText.ReadJson(call, text) switch
        {
            null => null,
            List<object?> list => list,
            object other => throw WrongKind(other, "[]interface {}"),
        };
    }

    private static TemplateFunctionException WrongKind(object value, string wanted)
    {
        return new TemplateFunctionException($"json: cannot unmarshal {YamlValues.KindOf(value)} into Go value of type {wanted}");
    }

    private static Dictionary<string, object?> Failure(string error) => new(StringComparer.Ordinal) { ["Error"] = error };

    private static T Try<T>(Func<T> body, Func<string, T> failure)
    {
        try
        {
            return body();
        }
        catch (TemplateFunctionException refused)
        {
            return failure(refused.Message);
        }
    }
}
