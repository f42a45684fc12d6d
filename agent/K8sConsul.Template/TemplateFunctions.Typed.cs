namespace K8sConsul.Template;

/// <summary>The typed forms of registration, named after what the lambda takes besides its fixed parameters.</summary>
public sealed partial class TemplateFunctions
{
    public TemplateFunctions Add<TResult>(string name, Func<TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions Add<T1, TResult>(string name, Func<T1, TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions Add<T1, T2, TResult>(string name, Func<T1, T2, TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions Add<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions Add<T1, T2, T3, T4, TResult>(string name, Func<T1, T2, T3, T4, TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions Add<T1, T2, T3, T4, T5, TResult>(string name, Func<T1, T2, T3, T4, T5, TResult> body)
        => Add(name, TemplateFunction.Create(body));

    public TemplateFunctions AddVariadic<TRest, TResult>(string name, Func<IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadic(body));

    public TemplateFunctions AddVariadic<T1, TRest, TResult>(string name, Func<T1, IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadic(body));

    public TemplateFunctions AddVariadic<T1, T2, TRest, TResult>(string name, Func<T1, T2, IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadic(body));

    public TemplateFunctions AddWithCall<TResult>(string name, Func<TemplateCall, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddWithCall<T1, TResult>(string name, Func<TemplateCall, T1, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddWithCall<T1, T2, TResult>(string name, Func<TemplateCall, T1, T2, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddWithCall<T1, T2, T3, TResult>(string name, Func<TemplateCall, T1, T2, T3, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddWithCall<T1, T2, T3, T4, TResult>(string name, Func<TemplateCall, T1, T2, T3, T4, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddWithCall<T1, T2, T3, T4, T5, TResult>(string name, Func<TemplateCall, T1, T2, T3, T4, T5, TResult> body)
        => Add(name, TemplateFunction.CreateWithCall(body));

    public TemplateFunctions AddVariadicWithCall<TRest, TResult>(string name, Func<TemplateCall, IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadicWithCall(body));

    public TemplateFunctions AddVariadicWithCall<T1, TRest, TResult>(
        string name, Func<TemplateCall, T1, IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadicWithCall(body));

    public TemplateFunctions AddVariadicWithCall<T1, T2, TRest, TResult>(
        string name, Func<TemplateCall, T1, T2, IReadOnlyList<TRest>, TResult> body)
        => Add(name, TemplateFunction.CreateVariadicWithCall(body));
}
