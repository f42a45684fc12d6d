using System.Collections;
using System.Diagnostics.CodeAnalysis;
using K8sConsul.Template;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>Tags: a list of texts that can be asked, <c>.Tags.Contains "x"</c>.</summary>
internal sealed class ServiceTags(IReadOnlyList<string> tags) : ITemplateList, ITemplateMethods
{
    public static GoType GoType { get; } = GoType.Named("dependency.ServiceTags", GoType.SliceOf(GoType.String));

    public GoType Type => GoType;

    public int Count => tags.Count;

    public object? this[int index] => tags[index];

    public IEnumerator<object?> GetEnumerator()
    {
        return tags.GetEnumerator();
    }

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name is "Contains" ? TemplateFunction.Create((string tag) => tags.Contains(tag, StringComparer.Ordinal)) : null;
        return method is not null;
    }

    IEnumerator IEnumerable.GetEnumerator()
    {
        return GetEnumerator();
    }
}
