namespace K8sConsul.Template;

/// <summary>
/// The typed forms: the Go types of parameters and result follow from the .NET types (<see cref="GoData"/>); one that is none of
/// those, <c>object?</c> first of all, takes and gives anything.
/// </summary>
public sealed partial class TemplateFunction
{
    public static TemplateFunction Create<TResult>(Func<TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([], isVariadic: false, (_, _) => body());
    }

    public static TemplateFunction Create<T1, TResult>(Func<T1, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([GoData.TypeOf<T1>()], isVariadic: false, (_, args) => body(Argument<T1>(args, 0)));
    }

    public static TemplateFunction Create<T1, T2, TResult>(Func<T1, T2, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>()],
            isVariadic: false,
            (_, args) => body(Argument<T1>(args, 0), Argument<T2>(args, 1)));
    }

    public static TemplateFunction Create<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>()],
            isVariadic: false,
            (_, args) => body(Argument<T1>(args, 0), Argument<T2>(args, 1), Argument<T3>(args, 2)));
    }

    public static TemplateFunction Create<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>(), GoData.TypeOf<T4>()],
            isVariadic: false,
            (_, args) => body(Argument<T1>(args, 0), Argument<T2>(args, 1), Argument<T3>(args, 2), Argument<T4>(args, 3)));
    }

    public static TemplateFunction Create<T1, T2, T3, T4, T5, TResult>(Func<T1, T2, T3, T4, T5, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>(), GoData.TypeOf<T4>(), GoData.TypeOf<T5>()],
            isVariadic: false,
            (_, args) => body(
                Argument<T1>(args, 0),
                Argument<T2>(args, 1),
                Argument<T3>(args, 2),
                Argument<T4>(args, 3),
                Argument<T5>(args, 4)));
    }

    public static TemplateFunction CreateVariadic<TRest, TResult>(Func<IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([GoData.TypeOf<TRest>()], isVariadic: true, (_, args) => body(Rest<TRest>(args, 0)));
    }

    public static TemplateFunction CreateVariadic<T1, TRest, TResult>(Func<T1, IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<TRest>()],
            isVariadic: true,
            (_, args) => body(Argument<T1>(args, 0), Rest<TRest>(args, 1)));
    }

    public static TemplateFunction CreateVariadic<T1, T2, TRest, TResult>(Func<T1, T2, IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<TRest>()],
            isVariadic: true,
            (_, args) => body(Argument<T1>(args, 0), Argument<T2>(args, 1), Rest<TRest>(args, 2)));
    }

    public static TemplateFunction CreateWithCall<TResult>(Func<TemplateCall, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([], isVariadic: false, (call, _) => body(call));
    }

    public static TemplateFunction CreateWithCall<T1, TResult>(Func<TemplateCall, T1, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([GoData.TypeOf<T1>()], isVariadic: false, (call, args) => body(call, Argument<T1>(args, 0)));
    }

    public static TemplateFunction CreateWithCall<T1, T2, TResult>(Func<TemplateCall, T1, T2, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>()],
            isVariadic: false,
            (call, args) => body(call, Argument<T1>(args, 0), Argument<T2>(args, 1)));
    }

    public static TemplateFunction CreateWithCall<T1, T2, T3, TResult>(Func<TemplateCall, T1, T2, T3, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>()],
            isVariadic: false,
            (call, args) => body(call, Argument<T1>(args, 0), Argument<T2>(args, 1), Argument<T3>(args, 2)));
    }

    public static TemplateFunction CreateWithCall<T1, T2, T3, T4, TResult>(Func<TemplateCall, T1, T2, T3, T4, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>(), GoData.TypeOf<T4>()],
            isVariadic: false,
            (call, args) => body(call, Argument<T1>(args, 0), Argument<T2>(args, 1), Argument<T3>(args, 2), Argument<T4>(args, 3)));
    }

    public static TemplateFunction CreateWithCall<T1, T2, T3, T4, T5, TResult>(Func<TemplateCall, T1, T2, T3, T4, T5, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<T3>(), GoData.TypeOf<T4>(), GoData.TypeOf<T5>()],
            isVariadic: false,
            (call, args) => body(
                call,
                Argument<T1>(args, 0),
                Argument<T2>(args, 1),
                Argument<T3>(args, 2),
                Argument<T4>(args, 3),
                Argument<T5>(args, 4)));
    }

    public static TemplateFunction CreateVariadicWithCall<TRest, TResult>(Func<TemplateCall, IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed([GoData.TypeOf<TRest>()], isVariadic: true, (call, args) => body(call, Rest<TRest>(args, 0)));
    }

    public static TemplateFunction CreateVariadicWithCall<T1, TRest, TResult>(Func<TemplateCall, T1, IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<TRest>()],
            isVariadic: true,
            (call, args) => body(call, Argument<T1>(args, 0), Rest<TRest>(args, 1)));
    }

    public static TemplateFunction CreateVariadicWithCall<T1, T2, TRest, TResult>(
        Func<TemplateCall, T1, T2, IReadOnlyList<TRest>, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Typed(
            [GoData.TypeOf<T1>(), GoData.TypeOf<T2>(), GoData.TypeOf<TRest>()],
            isVariadic: true,
            (call, args) => body(call, Argument<T1>(args, 0), Argument<T2>(args, 1), Rest<TRest>(args, 2)));
    }
}
