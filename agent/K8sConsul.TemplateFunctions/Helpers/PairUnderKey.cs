using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template.Functions;

/// <summary>A pair as it was, except that its key lacks the first part.</summary>
internal sealed class PairUnderKey(ITemplateObject pair, string key) : ITemplateObject
{
    public GoType Type => pair.Type;

    public IReadOnlyList<string> FieldNames => pair.FieldNames;

    public bool TryGetField(string name, out object? value)
    {
        if (name == "Key")
        {
            value = key;
            return true;
        }

        return pair.TryGetField(name, out value);
    }

    public GoType? FieldType(string name) => pair.FieldType(name);

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method) => pair.TryGetMethod(name, out method);
}
