namespace K8sConsul.Template.Functions;

/// <summary>The helper functions of consul-template: all that need neither a server nor files.</summary>
public static class ConsulTemplateHelpers
{
    /// <summary>Adds them. What is piped into one is its last argument.</summary>
    /// <param name="functions">The table of a renderer, which adds the API functions and those that touch files.</param>
    /// <param name="host">Without <see cref="FunctionHost.Environment"/> there is no <c>env</c>, without a clock no <c>timestamp</c>.</param>
    public static TemplateFunctions AddConsulTemplateHelpers(this TemplateFunctions functions, FunctionHost? host = null)
    {
        ArgumentNullException.ThrowIfNull(functions);
        host ??= new FunctionHost();
        TextHelpers.AddTo(functions, new PatternCache());
        EncodingHelpers.AddTo(functions);
        ListHelpers.AddTo(functions);
        GroupHelpers.AddTo(functions);
        TreeHelpers.AddTo(functions);
        MathHelpers.AddTo(functions);
        HostHelpers.AddTo(functions, host);
        DebugHelpers.AddTo(functions, host);
        return functions
            .AddVariadicWithCall<string, object?, string>("executeTemplate", ExecuteTemplate)
            .AddWithCall("scratch", call => call.State is IScratchHolder holder
                ? holder.Scratch
                : throw new TemplateFunctionException("this execution keeps no scratch"));
    }

    private static string ExecuteTemplate(TemplateCall call, string name, IReadOnlyList<object?> data)
    {
        return data.Count switch
        {
            0 => call.Execute(name, data: null),
            1 => call.Execute(name, data[0]),
            _ => throw new TemplateFunctionException(
                $"executeTemplate: wrong number of arguments, expected 1 or 2, but got {data.Count + 1}"),
        };
    }
}
