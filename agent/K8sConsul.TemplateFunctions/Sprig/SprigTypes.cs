namespace K8sConsul.Template.Functions;

/// <summary>What a value is.</summary>
internal static class SprigTypes
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add("kindOf", (object? value) => KindOf(value))
            .Add("kindIs", (string kind, object? value) => kind == KindOf(value))
            .Add("typeOf", (object? value) => CallExtensions.TypeName(value))
            .Add("typeIs", (string type, object? value) => type == CallExtensions.TypeName(value))
            .Add("typeIsLike", (string type, object? value) => CallExtensions.TypeName(value) is var own && (type == own || "*" + type == own))
            .AddWithCall("deepEqual", (TemplateCall call, object? left, object? right) => DeepEquality.AreEqual(call, left, right));
    }

    public static string KindOf(object? value)
    {
        return GoData.TypeOf(value)?.Kind switch
        {
            null => "invalid",
            GoKind.Pointer => "ptr",
            GoKind.Function => "func",
            { } kind => kind.ToString().ToLowerInvariant(),
        };
    }
}
