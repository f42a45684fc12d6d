using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template;

/// <summary>One execution: what it reads, and what it has used up.</summary>
/// <remarks>A template of another set that a function executes has one of its own, with the same budget.</remarks>
internal sealed class Execution(TemplateSet templates, TemplateRun run, Budget budget)
{
    public TemplateSet Templates { get; } = templates;

    public TemplateRun Run { get; } = run;

    public Budget Budget { get; } = budget;

    public CancellationToken Cancellation => Budget.Cancellation;

    public void CountSteps(int steps = 1) => Budget.CountSteps(steps);

    public Execution Within(TemplateSet others) => ReferenceEquals(others, Templates) ? this : new Execution(others, Run, Budget);

    /// <summary>The host's function of that name, or the built-in one.</summary>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out TemplateFunction? function)
    {
        return (Run.Functions is not null && Run.Functions.TryGet(name, out function))
            || Templates.Functions.TryGet(name, out function)
            || Builtins.TryGet(name, out function);
    }
}
