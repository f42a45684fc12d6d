namespace K8sConsul.Template;

/// <summary>Pipelines, commands, and the fields that operands lead to.</summary>
internal sealed partial class Frame
{
    private Value Evaluate(Value dot, Node.Pipeline pipeline)
    {
        _at = pipeline;
        CheckStack();
        Value value = Value.None;
        bool isPiped = false;
        foreach (Node.Command command in pipeline.Commands)
        {
            // What has the type interface counts from here on as what it holds.
            value = Evaluate(dot, command, isPiped ? value : null).Unwrapped;
            isPiped = true;
        }

        foreach (Node.Variable variable in pipeline.Declarations)
        {
            if (pipeline.IsAssignment)
            {
                Assign(variable.Name, value);
            }
            else
            {
                _variables.Add(new Variable(variable.Name, value));
            }
        }

        return value;
    }

    /// <param name="dot">The cursor.</param>
    /// <param name="command">An operand, with arguments if it is a function or method.</param>
    /// <param name="piped">The result of the command before; null for the first.</param>
    private Value Evaluate(Value dot, Node.Command command, Value? piped)
    {
        Execution.CountSteps();
        Node first = command.Operands[0];
        var arguments = new Arguments(command.Operands, piped);
        switch (first)
        {
            case Node.Field field:
                return EvaluateField(dot, field, arguments);
            case Node.Chain chain:
                return EvaluateChain(dot, chain, arguments);
            case Node.Identifier identifier:
                return EvaluateFunction(dot, identifier, command, arguments);
            case Node.Pipeline pipeline:
                RefuseArguments(arguments);
                return Evaluate(dot, pipeline);
            case Node.Variable variable:
                return EvaluateVariable(dot, variable, arguments);
        }

        _at = first;
        RefuseArguments(arguments);
        return first switch
        {
            Node.Bool constant => Value.Of(constant.Value),
            Node.Dot => dot,
            Node.Nil => throw Fail("nil is not a command"),
            Node.Number number => ConstantOf(number),
            Node.String text => Value.Of(text.Value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private void RefuseArguments(Arguments arguments)
    {
        if (!arguments.AreNone)
        {
            throw Fail($"can't give argument to non-function {arguments.Operands[0]}");
        }
    }

    /// <summary>A number where nothing says what it should be.</summary>
    private Value ConstantOf(Node.Number number)
    {
        _at = number;
        NumberLiteral literal = number.Literal;
        if (literal.Complex is { } complex)
        {
            return Value.Of(complex);
        }

        if (literal.LooksReal)
        {
            return Value.Of(literal.Real!.Value);
        }

        return literal.Signed is { } whole ? Value.Of((nint)whole) : throw Fail($"{literal.Text} overflows int");
    }

    private Value EvaluateField(Value dot, Node.Field field, Arguments arguments)
    {
        _at = field;
        return EvaluateFields(dot, dot, field, field.Names, arguments);
    }

    private Value EvaluateChain(Value dot, Node.Chain chain, Arguments arguments)
    {
        _at = chain;
        Value start = EvaluateArgument(dot, parameter: null, chain.Start);
        return EvaluateFields(dot, start, chain, chain.Names, arguments);
    }

    private Value EvaluateVariable(Value dot, Node.Variable variable, Arguments arguments)
    {
        _at = variable;
        Value value = ValueOf(variable.Name);
        if (variable.Fields.Count > 0)
        {
            return EvaluateFields(dot, value, variable, variable.Fields, arguments);
        }

        RefuseArguments(arguments);
        return value;
    }

    /// <summary>Only the last field may be a method that takes the arguments.</summary>
    private Value EvaluateFields(Value dot, Value receiver, Node node, IReadOnlyList<string> names, Arguments arguments)
    {
        for (int i = 0; i < names.Count - 1; i++)
        {
            receiver = EvaluateField(dot, names[i], node, Arguments.None, receiver);
        }

        return EvaluateField(dot, names[^1], node, arguments, receiver);
    }

    /// <summary>A method, else a field of a structure, else an entry of a map.</summary>
    private Value EvaluateField(Value dot, string name, Node node, Arguments arguments, Value receiver)
    {
        Execution.CountSteps();
        if (receiver.Type is null)
        {
            return Execution.Run.MissingKey == MissingKey.Error
                ? throw Fail($"nil data; no entry for key {Go.GoText.Quote(name)}")
                : Value.None;
        }

        GoType declared = receiver.Type;
        Value target = receiver.Target(out bool isNil);
        if (isNil && target.IsInterface)
        {
            throw Fail($"nil pointer evaluating {declared}.{name}");
        }

        if (target.Data is ITemplateMethods methods && methods.TryGetMethod(name, out TemplateFunction? method))
        {
            return Call(dot, method, node, name, arguments);
        }

        if (target.Kind == GoKind.Struct && target.FieldOf(name) is { Exists: true } field)
        {
            return char.IsUpper(name[0])
                ? arguments.AreNone ? field : throw Fail($"{name} has arguments but cannot be invoked as function")
                : throw Fail($"{name} is an unexported field of struct type {declared}");
        }

        if (target.Kind == GoKind.Map && GoType.String.IsAssignableTo(target.Type!.Key!))
        {
            return arguments.AreNone ? EntryOf(target, name) : throw Fail($"{name} is not a method but has arguments");
        }

        throw Fail(isNil ? $"nil pointer evaluating {declared}.{name}" : $"can't evaluate field {name} in type {declared}");
    }

    private Value EntryOf(Value map, string name)
    {
        Value entry = map.EntryAt(name);
        if (entry.Exists)
        {
            return entry;
        }

        return Execution.Run.MissingKey switch
        {
            MissingKey.Zero => Value.ZeroOf(map.Type!.Element!),
            MissingKey.Error => throw Fail($"map has no entry for key {Go.GoText.Quote(name)}"),
            _ => Value.None,
        };
    }

    /// <summary>What stands behind a function or method, itself included, and what is piped into it.</summary>
    private readonly record struct Arguments(IReadOnlyList<Node> Operands, Value? Piped)
    {
        public static Arguments None { get; } = new([], null);

        public bool AreNone => Operands.Count <= 1 && Piped is null;
    }
}
