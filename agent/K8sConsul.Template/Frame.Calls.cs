using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Calls, and the fitting of arguments to parameters.</summary>
internal sealed partial class Frame
{
    private const int CharactersPerStep = 256;
    private const int CharactersMadePerStep = 16;

    private TemplateCall? _call;

    private Value EvaluateFunction(Value dot, Node.Identifier identifier, Node node, Arguments arguments)
    {
        _at = identifier;
        return Execution.TryGetFunction(identifier.Name, out TemplateFunction? function)
            ? Call(dot, function, node, identifier.Name, arguments)
            : throw Fail($"{GoText.Quote(identifier.Name)} is not a defined function");
    }

    private Value Call(Value dot, TemplateFunction function, Node node, string name, Arguments arguments)
    {
        int operands = Math.Max(0, arguments.Operands.Count - 1);
        int count = operands + (arguments.Piped is null ? 0 : 1);
        CheckCount(function, name, operands, count);
        if (Builtins.IsShortCircuit(function))
        {
            return EvaluateLogic(dot, function, arguments);
        }

        var values = new Value[count];
        for (int i = 0; i < operands; i++)
        {
            values[i] = EvaluateArgument(dot, function.ParameterAt(i), arguments.Operands[i + 1]);
        }

        if (arguments.Piped is { } piped)
        {
            values[^1] = Fit(piped, function.ParameterAt(count - 1));
        }

        Exception failed;
        try
        {
            CountCost(values);
            // `call` names the function in its errors as the template does.
            Value result = ReferenceEquals(function, Builtins.Call)
                ? Builtins.CallValue(Call(), arguments.Operands.Count > 1 ? arguments.Operands[1].ToString() : "", values)
                : function.Invoke(Call(), values);
            CountResult(result);
            return result;
        }
        catch (Exception refused) when (refused is TemplateFunctionException or TemplateException { Kind: not TemplateErrorKind.Limit })
        {
            failed = refused;
        }

        _at = node;
        throw Fail($"error calling {name}: {failed.Message}", cause: failed);
    }

    /// <summary>A call may look at the whole of each text that it is given.</summary>
    private void CountCost(Value[] values)
    {
        int steps = 1;
        foreach (Value value in values)
        {
            steps += value.Data is string text ? text.Length / CharactersPerStep : 0;
        }

        Execution.CountSteps(steps);
    }

    /// <summary>A text that a call makes may be kept, so that it is the memory that its length stands for.</summary>
    private void CountResult(Value result)
    {
        if (result.Data is string text && text.Length > CharactersPerStep)
        {
            Execution.Budget.CheckLength(text.Length);
            Execution.CountSteps(text.Length / CharactersMadePerStep);
        }
    }

    private TemplateCall Call() => _call ??= new TemplateCall(this);

    private void CheckCount(TemplateFunction function, string name, int operands, int count)
    {
        if (function.IsVariadic)
        {
            if (count < function.FixedCount)
            {
                throw Fail($"wrong number of args for {name}: want at least {function.FixedCount} got {operands}");
            }
        }
        else if (count != function.FixedCount)
        {
            throw Fail($"wrong number of args for {name}: want {function.FixedCount} got {count}");
        }
    }

    /// <summary><c>and</c> and <c>or</c> leave alone the arguments behind the one that decides.</summary>
    private Value EvaluateLogic(Value dot, TemplateFunction function, Arguments arguments)
    {
        bool isOr = ReferenceEquals(function, Builtins.Or);
        Value value = Value.None;
        for (int i = 1; i < arguments.Operands.Count; i++)
        {
            value = EvaluateArgument(dot, GoType.Untouched, arguments.Operands[i]);
            if (value.IsTrue == isOr)
            {
                return value;
            }
        }

        return arguments.Piped ?? value;
    }

    /// <param name="dot">The cursor.</param>
    /// <param name="parameter">Null: anything will do, also no value.</param>
    /// <param name="node">The operand.</param>
    private Value EvaluateArgument(Value dot, GoType? parameter, Node node)
    {
        Execution.CountSteps();
        _at = node;
        switch (node)
        {
            case Node.Dot:
                return Fit(dot, parameter);
            case Node.Nil:
                return NilFor(parameter);
            case Node.Field field:
                return Fit(EvaluateField(dot, field, Arguments.None), parameter);
            case Node.Variable variable:
                return Fit(EvaluateVariable(dot, variable, Arguments.None), parameter);
            case Node.Pipeline pipeline:
                return Fit(Evaluate(dot, pipeline), parameter);
            case Node.Identifier identifier:
                return Fit(EvaluateFunction(dot, identifier, identifier, Arguments.None), parameter);
            case Node.Chain chain:
                return Fit(EvaluateChain(dot, chain, Arguments.None), parameter);
            default:
                return FitConstant(node, parameter ?? GoType.Any);
        }
    }

    private Value NilFor(GoType? parameter)
    {
        if (parameter is null || parameter.Equals(GoType.Untouched))
        {
            return Value.None;
        }

        return parameter.HasNil ? Value.ZeroOf(parameter) : throw Fail($"cannot assign nil to {parameter}");
    }

    /// <summary>A constant takes the type of the parameter, if it can be written in it.</summary>
    private Value FitConstant(Node node, GoType parameter)
    {
        if (parameter.Kind == GoKind.Interface || parameter.Equals(GoType.Untouched))
        {
            return node switch
            {
                Node.Bool constant => Value.Of(constant.Value),
                Node.Number number => ConstantOf(number),
                Node.String text => Value.Of(text.Value),
                _ => throw Fail($"can't handle assignment of {node} to empty interface argument"),
            };
        }

        NumberLiteral? literal = (node as Node.Number)?.Literal;
        return parameter.Kind switch
        {
            GoKind.Bool => node is Node.Bool constant ? new Value(constant.Value, parameter) : throw Expected("bool", node),
            GoKind.String => node is Node.String text ? new Value(text.Value, parameter) : throw Expected("string", node),
            GoKind.Complex128 => literal?.Complex is { } complex ? new Value(complex, parameter) : throw Expected("complex", node),
            _ when parameter.IsFloat => literal?.Real is { } real
                ? new Value(parameter.Kind == GoKind.Float32 ? (object)(float)real : real, parameter)
                : throw Expected("float", node),
            _ when parameter.IsSigned => literal?.Signed is { } whole
                ? new Value(Numbers.Convert(whole, parameter.Kind), parameter)
                : throw Expected("integer", node),
            _ when parameter.IsUnsigned => literal?.Unsigned is { } natural
                ? new Value(Numbers.Convert(unchecked((long)natural), parameter.Kind), parameter)
                : throw Expected("unsigned integer", node),
            _ => throw Fail($"can't handle {node} for arg of type {parameter}"),
        };
    }

    private TemplateException Expected(string kind, Node node) => Fail($"expected {kind}; found {node}");

    /// <summary>A value for a parameter: as it is, or what the interface or pointer leads to.</summary>
    private Value Fit(Value value, GoType? parameter)
    {
        if (parameter is null || parameter.Equals(GoType.Untouched))
        {
            return value;
        }

        if (value.Type is null)
        {
            return parameter.HasNil ? Value.ZeroOf(parameter) : throw Fail($"invalid value; expected {parameter}");
        }

        if (value.Type.IsAssignableTo(parameter))
        {
            return value;
        }

        Value held = value.Data is null ? value : value.Unwrapped;
        if (held.Type!.IsAssignableTo(parameter))
        {
            return held;
        }

        bool pointsToIt = held.Kind == GoKind.Pointer && held.Type.Element!.IsAssignableTo(parameter);
        if (!pointsToIt)
        {
            throw Fail($"wrong type for value; expected {parameter}; got {held.Type}");
        }

        return held.Data is null ? throw Fail($"dereference of nil pointer of type {parameter}") : held with { Type = held.Type.Element };
    }
}
