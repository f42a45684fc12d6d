namespace K8sConsul.Template.Functions;

/// <summary>Consul-template's arithmetic. The piped value is the left operand: <c>10 | subtract 3</c> is 7.</summary>
internal static class MathHelpers
{
    public static void AddTo(TemplateFunctions functions)
    {
        Add(functions, "add", (a, b) => unchecked(a + b), (a, b) => unchecked(a + b), (a, b) => a + b);
        Add(functions, "subtract", (a, b) => unchecked(a - b), (a, b) => unchecked(a - b), (a, b) => a - b);
        Add(functions, "multiply", (a, b) => unchecked(a * b), (a, b) => unchecked(a * b), (a, b) => a * b);
        Add(functions, "divide", (a, b) => b == -1 ? unchecked(-a) : a / NotZero(b), (a, b) => a / NotZero(b), (a, b) => a / b);
        Add(functions, "modulo", (a, b) => b == -1 ? 0 : a % NotZero(b), (a, b) => a % NotZero(b), real: null);
        AddChoice(functions, "minimum", isLess => isLess);
        AddChoice(functions, "maximum", isLess => !isLess);
    }

    public static long NotZero(long divisor) => divisor != 0 ? divisor : throw ByZero();

    private static ulong NotZero(ulong divisor) => divisor != 0 ? divisor : throw ByZero();

    private static TemplateFunctionException ByZero() => new("runtime error: integer divide by zero");

    private static void Add(
        TemplateFunctions functions,
        string name,
        Func<long, long, long> signed,
        Func<ulong, ulong, ulong> unsigned,
        Func<double, double, double>? real)
    {
        functions.AddWithCall<object?, object?, object?>(name, (call, right, left) =>
        {
            GoType leftType = NumberType(call, name, left, allowsFloat: real is not null);
            GoType rightType = NumberType(call, name, right, allowsFloat: real is not null);
            if (leftType.IsFloat || rightType.IsFloat)
            {
                return real!(AsReal(left, leftType), AsReal(right, rightType));
            }

            return leftType.IsUnsigned && rightType.IsUnsigned
                ? unsigned(GoData.Unsigned(left), GoData.Unsigned(right))
                : signed(AsSigned(left, leftType), AsSigned(right, rightType));
        });
    }

    /// <param name="picksLeft">Told whether the left one is less.</param>
    private static void AddChoice(TemplateFunctions functions, string name, Func<bool, bool> picksLeft)
    {
        functions.AddWithCall<object?, object?, object?>(name, (call, right, left) =>
        {
            GoType leftType = NumberType(call, name, left, allowsFloat: true);
            GoType rightType = NumberType(call, name, right, allowsFloat: true);
            int order = leftType.IsFloat || rightType.IsFloat
                ? Order(AsReal(left, leftType), AsReal(right, rightType))
                : leftType.IsUnsigned && rightType.IsUnsigned
                    ? GoData.Unsigned(left).CompareTo(GoData.Unsigned(right))
                    : AsSigned(left, leftType).CompareTo(AsSigned(right, rightType));
            return order != 0 && picksLeft(order < 0) ? Widest(left, leftType) : Widest(right, rightType);
        });
    }

    /// <summary>What is not a number is neither less nor greater.</summary>
    private static int Order(double left, double right) => left < right ? -1 : left > right ? 1 : 0;

    private static object Widest(object? number, GoType type)
    {
        return type.IsFloat ? GoData.Real(number) : type.IsUnsigned ? (object)GoData.Unsigned(number) : GoData.Signed(number);
    }

    private static double AsReal(object? number, GoType type)
    {
        return type.IsFloat ? GoData.Real(number) : type.IsUnsigned ? GoData.Unsigned(number) : GoData.Signed(number);
    }

    private static long AsSigned(object? number, GoType type)
    {
        return type.IsUnsigned ? unchecked((long)GoData.Unsigned(number)) : GoData.Signed(number);
    }

    private static GoType NumberType(TemplateCall call, string function, object? data, bool allowsFloat)
    {
        return GoData.TypeOf(data) is { } type && (type.IsWhole || (allowsFloat && type.IsFloat))
            ? type
            : throw new TemplateFunctionException(
                $"{function}: unknown type for {call.Format("%q", [data])} ({CallExtensions.TypeName(data)})");
    }
}
