namespace K8sConsul.Template;

/// <summary>A function or method that templates call, with the types by which its arguments are checked.</summary>
/// <remarks>It may be a value in the data, too, for <c>call</c>.</remarks>
public sealed partial class TemplateFunction
{
    private readonly Func<TemplateCall, Value[], Value> _body;

    private TemplateFunction(IReadOnlyList<GoType> parameters, bool isVariadic, GoType result, Func<TemplateCall, Value[], Value> body)
    {
        Parameters = parameters;
        IsVariadic = isVariadic;
        Type = GoType.FunctionOf(parameters, isVariadic, result);
        _body = body;
    }

    /// <summary>The last one of a variadic function is given by its element.</summary>
    public IReadOnlyList<GoType> Parameters { get; }

    /// <summary>The last parameter takes any number of arguments, also none.</summary>
    public bool IsVariadic { get; }

    internal GoType Type { get; }

    /// <summary>How many arguments there must be, or must be at least.</summary>
    internal int FixedCount => Parameters.Count - (IsVariadic ? 1 : 0);

    /// <summary>A function described by hand, where none of the typed forms fits.</summary>
    /// <param name="parameters">What each argument must be.</param>
    /// <param name="isVariadic">The last one may come any number of times.</param>
    /// <param name="result">What it gives; <see cref="GoType.Any"/> for whatever the data is.</param>
    /// <param name="body">Gets the arguments, as many as the template gave.</param>
    public static TemplateFunction Describe(
        IReadOnlyList<GoType> parameters, bool isVariadic, GoType result, Func<TemplateCall, IReadOnlyList<object?>, object?> body)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(body);
        return new TemplateFunction(
            parameters,
            isVariadic,
            result,
            (call, arguments) => Value.Declared(body(call, Array.ConvertAll(arguments, argument => argument.Data)), result));
    }

    /// <summary>A built-in that looks at its arguments' declared types.</summary>
    internal static TemplateFunction Raw(int fixedCount, bool isVariadic, GoType result, Func<TemplateCall, Value[], Value> body)
    {
        int count = fixedCount + (isVariadic ? 1 : 0);
        return new TemplateFunction([.. Enumerable.Repeat(GoType.Untouched, count)], isVariadic, result, body);
    }

    internal GoType ParameterAt(int index) => Parameters[Math.Min(index, Parameters.Count - 1)];

    /// <param name="call">Where and for whom.</param>
    /// <param name="arguments">Checked against the parameters.</param>
    internal Value Invoke(TemplateCall call, Value[] arguments) => _body(call, arguments);

    internal static TemplateFunction Typed<TResult>(
        IReadOnlyList<GoType> parameters, bool isVariadic, Func<TemplateCall, Value[], TResult> body)
    {
        GoType result = GoData.TypeOf<TResult>();
        return new TemplateFunction(parameters, isVariadic, result, (call, arguments) => Value.Declared(body(call, arguments), result));
    }

    /// <summary>An argument in the .NET type that the function takes. A nil list or map arrives as an empty one.</summary>
    private static T Argument<T>(Value[] arguments, int index)
    {
        object? data = arguments[index].Data;
        if (data is null)
        {
            return typeof(T) == typeof(string) ? (T)(object)"" : GoData.EmptyOf(typeof(T)) is T empty ? empty : default!;
        }

        if (Numbers.TryCast(data, out T? cast))
        {
            return cast!;
        }

        return GoData.ConvertTo(typeof(T), data) is T converted
            ? converted
            : throw new TemplateFunctionException($"argument {index + 1} cannot be held by the function's parameter");
    }

    private static T[] Rest<T>(Value[] arguments, int first)
    {
        var rest = new T[arguments.Length - first];
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = Argument<T>(arguments, first + i);
        }

        return rest;
    }
}
