namespace K8sConsul.Template;

/// <summary>What a function may know of the execution that calls it. Not to be kept after the call.</summary>
public sealed class TemplateCall
{
    private readonly Frame _frame;

    internal TemplateCall(Frame frame)
    {
        _frame = frame;
    }

    /// <summary>The host's own, from <see cref="TemplateRun.State"/>.</summary>
    public object? State => _frame.Execution.Run.State;

    /// <summary>For a function that waits or works long.</summary>
    public CancellationToken Cancellation => _frame.Execution.Cancellation;

    /// <summary>The templates that can be executed by name.</summary>
    public TemplateSet Templates => _frame.Execution.Templates;

    internal Execution Execution => _frame.Execution;

    /// <summary>Executes a template of the same set, within the same limits, and gives what it prints.</summary>
    /// <exception cref="TemplateException">It fails; let it pass, and this call fails with its text.</exception>
    public string Execute(string name, object? data)
    {
        return _frame.ExecuteToText(Templates, name, data);
    }

    /// <summary>Executes a template of another set, such as one parsed from a value, within the limits of this execution.</summary>
    /// <inheritdoc cref="Execute(string, object?)"/>
    public string Execute(TemplateSet templates, string name, object? data)
    {
        ArgumentNullException.ThrowIfNull(templates);
        return _frame.ExecuteToText(templates, name, data);
    }

    /// <summary>A value as <c>print</c> shows it.</summary>
    public string Print(object? data)
    {
        return Formatter.Print(Execution, [Value.Of(data)]);
    }

    /// <summary>Values as <c>print</c> shows them: a blank between two of which neither is a text.</summary>
    public string Print(IReadOnlyList<object?> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Formatter.Print(Execution, [.. data.Select(Value.Of)]);
    }

    /// <summary>Values by a format of <c>printf</c>.</summary>
    public string Format(string format, IReadOnlyList<object?> data)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(data);
        return Formatter.Format(Execution, format, [.. data.Select(Value.Of)]);
    }

    /// <summary>Ends the execution when a text of this length may not be made; to be asked before it is.</summary>
    /// <param name="length">In UTF-16 units.</param>
    public void CheckLength(long length)
    {
        Execution.Budget.CheckLength(length);
    }

    /// <summary>Counts work against <see cref="TemplateLimits.StepsMax"/>, for a function whose work grows with its arguments.</summary>
    public void CountSteps(int steps)
    {
        Execution.CountSteps(steps);
    }
}
