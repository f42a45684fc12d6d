using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template.Tests;

/// <summary>The recorder's <c>Tags</c>: a list with a method.</summary>
internal sealed class GoTags(string[] tags) : ITemplateList, ITemplateMethods
{
    public GoType Type { get; } = GoType.Named("main.Tags", GoType.SliceOf(GoType.String));

    public int Count => tags.Length;

    public object? this[int index] => tags[index];

    public IEnumerator<object?> GetEnumerator() => tags.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name == "Contains" ? TemplateFunction.Create((string tag) => tags.Contains(tag)) : null;
        return method is not null;
    }
}
