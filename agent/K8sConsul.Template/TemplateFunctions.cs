using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template;

/// <summary>The functions that a host gives to its templates, by name. Built once, then only read (by many threads, if need be).</summary>
/// <remarks>
/// <c>Add</c> takes a lambda of up to five parameters; <c>AddVariadic</c> one whose last parameter collects the remaining
/// arguments; with <c>…WithCall</c> the first parameter is the <see cref="TemplateCall"/>. A function that is named as a built-in
/// takes its place. One called <c>break</c> or <c>continue</c> takes that word from the language, as in Go.
/// </remarks>
public sealed partial class TemplateFunctions
{
    private readonly Dictionary<string, TemplateFunction> _byName = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public TemplateFunctions Add(string name, TemplateFunction function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        _byName[name] = function;
        return this;
    }

    /// <summary>Those of another table, each under its name with a prefix; a name that is there already is replaced.</summary>
    public TemplateFunctions AddAll(TemplateFunctions others, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(others);
        foreach ((string name, TemplateFunction function) in others._byName)
        {
            _byName[prefix + name] = function;
        }

        return this;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out TemplateFunction? function) => _byName.TryGetValue(name, out function);

    internal bool Knows(string name) => _byName.ContainsKey(name) || Builtins.TryGet(name, out _);
}
