using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template;

/// <summary>A value with methods: <c>.Tags.Contains "x"</c>. A method comes before a field or map entry of the same name.</summary>
public interface ITemplateMethods
{
    /// <param name="name">As spelt in the template.</param>
    /// <param name="method">Tied to this value; make it with <see cref="TemplateFunction.Create{TResult}"/> and its sisters.</param>
    bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method);
}
