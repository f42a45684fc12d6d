namespace K8sConsul.Template;

/// <summary>Loops.</summary>
internal sealed partial class Frame
{
    private Outcome WalkRange(Value dot, Node.Branch range)
    {
        int variables = _variables.Count;
        bool any = false;
        foreach ((Value index, Value element) in ElementsOf(dot, range))
        {
            any = true;
            // Those of the header stay; those of the body are new each time.
            int header = _variables.Count;
            Outcome outcome = Iterate(range, index, element);
            Forget(variablesKept: header);
            if (outcome == Outcome.Break)
            {
                break;
            }
        }

        // A jump behind {{else}} belongs to the loop outside.
        Outcome end = any || range.Otherwise is null ? Outcome.Done : Walk(dot, range.Otherwise);
        Forget(variablesKept: variables);
        return end;
    }

    private Outcome Iterate(Node.Branch range, Value index, Value element)
    {
        Execution.CountSteps();
        IReadOnlyList<Node.Variable> declared = range.Pipe.Declarations;
        if (declared.Count > 0 && range.Pipe.IsAssignment)
        {
            if (declared.Count > 1)
            {
                Assign(declared[0].Name, index);
            }

            Assign(declared[^1].Name, element);
        }
        else if (declared.Count > 0)
        {
            // The header's pipeline has declared them, in order.
            int last = _variables.Count - 1;
            _variables[last] = new Variable(declared[^1].Name, element);
            if (declared.Count > 1)
            {
                _variables[last - 1] = new Variable(declared[0].Name, index);
            }
        }

        return Walk(element, range.Body);
    }

    private IEnumerable<(Value Index, Value Element)> ElementsOf(Value dot, Node.Branch range)
    {
        Value value = Evaluate(dot, range.Pipe).Target(out _);
        if (value.IsNil)
        {
            return [];
        }

        if (value.Type!.IsWhole)
        {
            return range.Pipe.Declarations.Count > 1
                ? throw Fail($"can't use {Formatter.Describe(Execution, value)} to iterate over more than one variable")
                : Numbered(value);
        }

        return value.Kind switch
        {
            GoKind.Slice => Listed(value),
            GoKind.Map => value.SortedEntries().Select(entry => (entry.Key, entry.Item)),
            _ => throw Fail($"range can't iterate over {Formatter.Describe(Execution, value)}"),
        };
    }

    private static IEnumerable<(Value Index, Value Element)> Listed(Value list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            yield return (Value.Of((nint)i), list.ItemAt(i));
        }
    }

    private static IEnumerable<(Value Index, Value Element)> Numbered(Value count)
    {
        GoType type = count.Type!;
        long end = type.IsSigned ? Numbers.Signed(count.Data) : (long)Math.Min(Numbers.Unsigned(count.Data), long.MaxValue);
        for (long i = 0; i < end; i++)
        {
            yield return (Value.None, new Value(Numbers.Convert(i, type.Kind), type));
        }
    }
}
