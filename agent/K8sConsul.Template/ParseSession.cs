using System.Runtime.CompilerServices;

namespace K8sConsul.Template;

/// <summary>What the parsers of one text share: the tokens, the definitions found so far, and how deep the nesting is.</summary>
internal sealed class ParseSession(SourceText source, Lexer lexer, Func<string, bool> isFunction, TemplateLimits limits)
{
    private int _nesting;

    public SourceText Source { get; } = source;

    public Lexer Lexer { get; } = lexer;

    public Dictionary<string, TemplateTree> Trees { get; } = new(StringComparer.Ordinal);

    public bool IsFunction(string name) => isFunction(name);

    /// <returns>False: too deep, or the stack is short.</returns>
    public bool TryEnter()
    {
        _nesting++;
        return _nesting <= limits.NestingMax && RuntimeHelpers.TryEnsureSufficientExecutionStack();
    }

    public void Leave()
    {
        _nesting--;
    }
}
