namespace K8sConsul.Template.Functions;

/// <summary>What stands in for nothing. Empty is what <c>if</c> takes for false.</summary>
internal static class SprigDefaults
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddVariadic<object?, object?, object?>("default", (fallback, given)
                => given.Count == 0 || !GoData.IsTrue(given[0]) ? fallback : given[0])
            .Add("empty", (object? value) => !GoData.IsTrue(value))
            .AddVariadic<object?, object?>("coalesce", values => values.FirstOrDefault(GoData.IsTrue))
            .AddVariadic<object?, bool>("all", values => values.All(GoData.IsTrue))
            .AddVariadic<object?, bool>("any", values => values.Any(GoData.IsTrue))
            .Add("ternary", (object? whenTrue, object? whenFalse, bool condition) => condition ? whenTrue : whenFalse)
            .Add<string, string>("fail", message => throw new TemplateFunctionException(message));
    }
}
