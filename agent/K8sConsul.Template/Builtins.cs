using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>The functions that every template has.</summary>
internal static partial class Builtins
{
    // Before the table, which holds them.
    public static TemplateFunction And { get; } = TemplateFunction.Raw(1, isVariadic: true, GoType.Untouched, NotInvoked);

    public static TemplateFunction Or { get; } = TemplateFunction.Raw(1, isVariadic: true, GoType.Untouched, NotInvoked);

    public static TemplateFunction Call { get; }
        = TemplateFunction.Raw(1, isVariadic: true, GoType.Untouched, (call, args) => CallValue(call, "", args));

    private static readonly FrozenDictionary<string, TemplateFunction> s_byName
        = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal)
    {
        ["and"] = And,
        ["or"] = Or,
        ["not"] = TemplateFunction.Raw(1, isVariadic: false, GoType.Bool, (_, args) => Value.Of(!args[0].IsTrue)),
        ["len"] = TemplateFunction.Raw(1, isVariadic: false, GoType.Int, (_, args) => Length(args[0])),
        ["index"] = TemplateFunction.Raw(1, isVariadic: true, GoType.Untouched, (_, args) => Index(args[0], args.AsSpan(1))),
        ["slice"] = TemplateFunction.Raw(1, isVariadic: true, GoType.Untouched, (_, args) => Slice(args[0], args.AsSpan(1))),
        ["call"] = Call,
        ["eq"] = TemplateFunction.Raw(
            1, isVariadic: true, GoType.Bool, (call, args) => Value.Of(AreEqual(call, args[0], args.AsSpan(1)))),
        ["ne"] = Comparing((call, args) => !AreEqual(call, args[0], args.AsSpan(1))),
        ["lt"] = Comparing((_, args) => IsLess(args[0], args[1])),
        ["le"] = Comparing(IsLessOrEqual),
        ["gt"] = Comparing((call, args) => !IsLessOrEqual(call, args)),
        ["ge"] = Comparing((_, args) => !IsLess(args[0], args[1])),
        ["print"] = Printing((call, args) => Formatter.Print(call.Execution, args)),
        ["println"] = Printing((call, args) => Formatter.PrintLine(call.Execution, args)),
        ["printf"] = TemplateFunction.Typed(
            [GoType.String, GoType.Any],
            isVariadic: true,
            (call, args) => Formatter.Format(call.Execution, (string)args[0].Data!, args.AsSpan(1))),
        ["html"] = Printing((call, args) => Escapes.Html(PrintPlain(call, args))),
        ["js"] = Printing((call, args) => Escapes.JavaScript(PrintPlain(call, args))),
        ["urlquery"] = Printing((call, args) => Escapes.UrlQuery(PrintPlain(call, args))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out TemplateFunction? function) => s_byName.TryGetValue(name, out function);

    // The evaluator sees to them: not all of their arguments are evaluated.
    private static Value NotInvoked(TemplateCall call, Value[] args) => throw new System.Diagnostics.UnreachableException();

    public static bool IsShortCircuit(TemplateFunction function) => ReferenceEquals(function, And) || ReferenceEquals(function, Or);

    private static TemplateFunction Comparing(Func<TemplateCall, Value[], bool> compare)
        => TemplateFunction.Raw(2, isVariadic: false, GoType.Bool, (call, args) => Value.Of(compare(call, args)));

    private static TemplateFunction Printing(Func<TemplateCall, Value[], string> print)
        => TemplateFunction.Typed([GoType.Any], isVariadic: true, print);

    /// <summary>As an action prints its value: no value and pointers are seen to first.</summary>
    private static string PrintPlain(TemplateCall call, Value[] args)
    {
        if (args.Length == 1 && args[0].Data is string text)
        {
            return text;
        }

        return Formatter.Print(
            call.Execution,
            Array.ConvertAll(args, arg => Frame.TryGetPrintable(arg.Unwrapped, out Value printable) ? printable : arg));
    }

    private static Value Length(Value value)
    {
        if (!value.Exists)
        {
            throw NoValue();
        }

        Value target = value.Target(out bool isNil);
        if (isNil)
        {
            throw new TemplateFunctionException("len of nil pointer");
        }

        return target.Kind is GoKind.Slice or GoKind.Map or GoKind.String
            ? Value.Of((nint)target.Count)
            : throw new TemplateFunctionException($"len of type {target.Type}");
    }

    // What Go's reflection says when a built-in asks nil for its type.
    private static TemplateFunctionException NoValue() => new("reflect: call of reflect.Value.Type on zero Value");

    private static Value Index(Value item, ReadOnlySpan<Value> indexes)
    {
        item = item.Unwrapped;
        if (!item.Exists)
        {
            throw new TemplateFunctionException("index of untyped nil");
        }

        foreach (Value index in indexes)
        {
            item = item.Target(out bool isNil);
            if (isNil)
            {
                throw new TemplateFunctionException("index of nil pointer");
            }

            item = item.Kind switch
            {
                GoKind.Slice => ItemAt(item, Position(index.Unwrapped, item.Count)),
                GoKind.String => ByteAt((string)item.Data!, Position(index.Unwrapped, item.Count)),
                GoKind.Map => EntryAt(item, Fit(index, item.Type!.Key!)),
                _ => throw new TemplateFunctionException($"can't index item of type {item.Type}"),
            };
        }

        return item;
    }

    private static Value ItemAt(Value list, int index)
    {
        return index < list.Count ? list.ItemAt(index) : throw new TemplateFunctionException("reflect: slice index out of range");
    }

    /// <summary>An absent entry reads as the zero value here, whatever the option for missing keys.</summary>
    private static Value EntryAt(Value map, Value key)
    {
        Value entry = key.Data is null ? Value.None : map.EntryAt(key.Data);
        return entry.Exists ? entry : Value.ZeroOf(map.Type!.Element!);
    }

    private static Value ByteAt(string text, int index)
    {
        byte[] bytes = Utf8Text.Bytes(text);
        return index < bytes.Length ? Value.Of(bytes[index]) : throw new TemplateFunctionException("reflect: string index out of range");
    }

    /// <summary>An index up to and including <paramref name="end"/>, which is where a slice may end.</summary>
    private static int Position(Value index, int end)
    {
        if (!index.Exists)
        {
            throw new TemplateFunctionException("cannot index slice/array with nil");
        }

        long position = index.Type switch
        {
            { IsSigned: true } => Numbers.Signed(index.Data),
            { IsUnsigned: true } => unchecked((long)Numbers.Unsigned(index.Data)),
            _ => throw new TemplateFunctionException($"cannot index slice/array with type {index.Type}"),
        };
        return position >= 0 && position <= end
            ? (int)position
            : throw new TemplateFunctionException(string.Create(CultureInfo.InvariantCulture, $"index out of range: {position}"));
    }

    /// <summary>A value for a parameter or key. Unlike arguments in a template, whole numbers of any width fit each other.</summary>
    private static Value Fit(Value value, GoType type)
    {
        value = value.Unwrapped;
        if (!value.Exists)
        {
            return type.HasNil ? Value.ZeroOf(type) : throw new TemplateFunctionException($"value is nil; should be of type {type}");
        }

        if (value.Type!.IsAssignableTo(type))
        {
            return value;
        }

        if (!value.Type.IsWhole || !type.IsWhole)
        {
            throw new TemplateFunctionException($"value has type {value.Type}; should be {type}");
        }

        long number = value.Type.IsSigned ? Numbers.Signed(value.Data) : unchecked((long)Numbers.Unsigned(value.Data));
        return new Value(Numbers.Convert(number, type.Kind), type);
    }

    private static Value Slice(Value item, ReadOnlySpan<Value> indexes)
    {
        item = item.Unwrapped;
        if (!item.Exists)
        {
            throw new TemplateFunctionException("slice of untyped nil");
        }

        if (indexes.Length > 3)
        {
            throw new TemplateFunctionException($"too many slice indexes: {indexes.Length}");
        }

        if (item.Kind == GoKind.String && indexes.Length == 3)
        {
            throw new TemplateFunctionException("cannot 3-index slice a string");
        }

        if (item.Kind is not (GoKind.String or GoKind.Slice))
        {
            throw new TemplateFunctionException($"can't slice item of type {item.Type}");
        }

        Span<int> bounds = [0, item.Count, item.Count];
        for (int i = 0; i < indexes.Length; i++)
        {
            // Unlike `index`, Go's `slice` does not look into an index that is declared as any.
            bounds[i] = Position(indexes[i], item.Count);
        }

        for (int i = 1; i < Math.Max(2, indexes.Length); i++)
        {
            if (bounds[i - 1] > bounds[i])
            {
                throw new TemplateFunctionException($"invalid slice index: {bounds[i - 1]} > {bounds[i]}");
            }
        }

        return item.Data is string text
            ? new Value(Utf8Text.Slice(text, bounds[0], bounds[1]), item.Type)
            : new Value(new ListSlice(item, bounds[0], bounds[1]), item.Type);
    }

    /// <summary>Calls a function that is a value.</summary>
    /// <param name="call">Where and for whom.</param>
    /// <param name="name">As the template calls it.</param>
    /// <param name="args">The function, then its arguments.</param>
    internal static Value CallValue(TemplateCall call, string name, Value[] args)
    {
        Value callee = args[0].Unwrapped;
        if (!callee.Exists)
        {
            throw new TemplateFunctionException("call of nil");
        }

        if (callee.Data is not TemplateFunction function)
        {
            throw new TemplateFunctionException($"non-function {name} of type {callee.Type}");
        }

        int count = args.Length - 1;
        if (count != function.FixedCount && !(function.IsVariadic && count > function.FixedCount))
        {
            throw new TemplateFunctionException(
                $"wrong number of args for {name}: got {count} want {(function.IsVariadic ? "at least " : "")}{function.FixedCount}");
        }

        var arguments = new Value[count];
        for (int i = 0; i < count; i++)
        {
            arguments[i] = FitArgument(args[i + 1], function.ParameterAt(i), i);
        }

        return function.Invoke(call, arguments);
    }

    private static Value FitArgument(Value value, GoType parameter, int index)
    {
        try
        {
            return Fit(value, parameter);
        }
        catch (TemplateFunctionException refused)
        {
            throw new TemplateFunctionException($"arg {index}: {refused.Message}", refused);
        }
    }
}
