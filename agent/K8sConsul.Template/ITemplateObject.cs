using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template;

/// <summary>A structure, or a pointer to one: fields, and methods if it wants.</summary>
public interface ITemplateObject : ITemplateMethods
{
    /// <summary>A <see cref="GoType.Struct"/>, or a <see cref="GoType.PointerTo"/> one.</summary>
    GoType Type { get; }

    /// <summary>In the order in which <c>{v [] 0}</c> and <c>%+v</c> print them.</summary>
    IReadOnlyList<string> FieldNames { get; }

    /// <summary>A field that begins with a small letter is refused as unexported.</summary>
    bool TryGetField(string name, out object? value);

    /// <summary>The type that a field is declared with, where its value does not tell: one of any type, or nil.</summary>
    /// <returns>Null: the type of the value; nil counts as of any type.</returns>
    GoType? FieldType(string name) => null;

    bool ITemplateMethods.TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = null;
        return false;
    }
}
