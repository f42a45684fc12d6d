using System.Globalization;
using System.Runtime.CompilerServices;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>One invocation of a template: its variables, and the node at work, which error texts show.</summary>
/// <remarks>A template sees no variables of the one that invokes it; <c>$</c> is the data that it was given.</remarks>
internal sealed partial class Frame
{
    private readonly TemplateTree _tree;
    private readonly Output _output;
    private readonly int _depth;
    private readonly List<Variable> _variables = [];

    private Node? _at;

    private Frame(Execution execution, TemplateTree tree, Value dot, Output output, int depth)
    {
        Execution = execution;
        _tree = tree;
        _output = output;
        _depth = depth;
        _variables.Add(new Variable("$", dot));
    }

    /// <summary>How a list of nodes ended.</summary>
    private enum Outcome
    {
        Done,
        Break,
        Continue,
    }

    public Execution Execution { get; }

    /// <exception cref="TemplateException">With the place, also for a limit.</exception>
    public static void Execute(Execution execution, TemplateTree tree, Value dot, Output output, int depth)
    {
        var frame = new Frame(execution, tree, dot, output, depth);
        LimitReachedException? reached = null;
        try
        {
            frame.Walk(dot, tree.Root);
        }
        catch (LimitReachedException limit)
        {
            // A handler still stands on the stack of what it handles, which may be all there is.
            reached = limit;
        }

        if (reached is not null)
        {
            throw frame.Fail(reached.Message, TemplateErrorKind.Limit);
        }
    }

    /// <summary>For functions that execute a template.</summary>
    public string ExecuteToText(TemplateSet templates, string name, object? data)
    {
        CheckDepth();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Execution nested = Execution.Within(templates);
        Execute(nested, templates.Find(name), Value.Of(data), new Output(text, nested.Budget), _depth + 1);
        return text.ToString();
    }

    private Outcome Walk(Value dot, Node.List list)
    {
        CheckStack();
        foreach (Node node in list.Nodes)
        {
            Outcome outcome = Walk(dot, node);
            if (outcome != Outcome.Done)
            {
                return outcome;
            }
        }

        return Outcome.Done;
    }

    private Outcome Walk(Value dot, Node node)
    {
        Execution.CountSteps();
        _at = node;
        switch (node)
        {
            case Node.Text text:
                _output.Write(text.Content);
                return Outcome.Done;
            case Node.Action action:
                Value value = Evaluate(dot, action.Pipe);
                if (action.Pipe.Declarations.Count == 0)
                {
                    Print(action, value);
                }

                return Outcome.Done;
            case Node.Branch { Word: TokenKind.Range } range:
                return WalkRange(dot, range);
            case Node.Branch branch:
                return WalkBranch(dot, branch);
            case Node.Invocation invocation:
                Invoke(dot, invocation);
                return Outcome.Done;
            case Node.Jump jump:
                return jump.LeavesLoop ? Outcome.Break : Outcome.Continue;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary><c>if</c> and <c>with</c>; only the second moves the dot.</summary>
    private Outcome WalkBranch(Value dot, Node.Branch branch)
    {
        int variables = _variables.Count;
        Value value = Evaluate(dot, branch.Pipe);
        Outcome outcome = value.IsTrue
            ? Walk(branch.Word == TokenKind.With ? value : dot, branch.Body)
            : branch.Otherwise is null ? Outcome.Done : Walk(dot, branch.Otherwise);
        Forget(variablesKept: variables);
        return outcome;
    }

    private void Invoke(Value dot, Node.Invocation invocation)
    {
        TemplateTree tree = Execution.Templates.TryFind(invocation.Name)
            ?? throw Fail($"template {GoText.Quote(invocation.Name)} not defined");
        CheckDepth();
        Value data = invocation.Pipe is null ? Value.None : Evaluate(dot, invocation.Pipe);
        Execute(Execution, tree, data, _output, _depth + 1);
    }

    private void CheckDepth()
    {
        if (_depth >= Execution.Run.Limits.TemplateDepthMax)
        {
            throw Fail($"exceeded maximum template depth ({_depth})", TemplateErrorKind.Limit);
        }

        CheckStack();
    }

    /// <summary>The nesting of a text is bounded, but not how much stack is left where it is executed.</summary>
    private void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail($"exceeded maximum template depth ({_depth})", TemplateErrorKind.Limit);
        }
    }

    private void Print(Node.Action action, Value value)
    {
        _at = action;
        if (!TryGetPrintable(value, out Value printable))
        {
            throw Fail($"can't print {action} of type {value.Type}");
        }

        _output.Write(printable.Data as string ?? Formatter.Print(Execution, [printable]));
    }

    /// <summary>What stands for a value when it is printed: a structure for a pointer to it, a text for no value.</summary>
    /// <returns>False: a function.</returns>
    internal static bool TryGetPrintable(Value value, out Value printable)
    {
        printable = value.Type?.Kind == GoKind.Pointer ? value.Target(out _) : value;
        printable = printable.Exists ? printable : Value.Of("<no value>");
        return printable.Kind != GoKind.Function;
    }

    private Value ValueOf(string variable)
    {
        return _variables[IndexOf(variable)].Value;
    }

    /// <summary>The nearest variable of that name.</summary>
    private int IndexOf(string variable)
    {
        for (int i = _variables.Count - 1; i >= 0; i--)
        {
            if (_variables[i].Name == variable)
            {
                Execution.CountSteps((_variables.Count - i) / 16);
                return i;
            }
        }

        throw Fail($"undefined variable: {variable}");
    }

    private void Assign(string variable, Value value)
    {
        int index = IndexOf(variable);
        _variables[index] = new Variable(variable, value);
    }

    private void Forget(int variablesKept)
    {
        _variables.RemoveRange(variablesKept, _variables.Count - variablesKept);
    }

    /// <summary>An error at the node at work.</summary>
    private TemplateException Fail(string message, TemplateErrorKind kind = TemplateErrorKind.Execute, Exception? cause = null)
    {
        Node at = _at ?? _tree.Root;
        string place = at.Source.LocationOf(at.Position);
        return new TemplateException(kind, $"template: {place}: executing {GoText.Quote(_tree.Name)} at <{at}>: {message}", cause);
    }

    private readonly record struct Variable(string Name, Value Value);
}
