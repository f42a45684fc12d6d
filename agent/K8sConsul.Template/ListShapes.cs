using System.Collections;

namespace K8sConsul.Template;

/// <summary>.NET's lists and arrays of one element type.</summary>
internal sealed class ListShape<T>(GoType type) : Shape
{
    public override GoType TypeOf(object data) => type;

    public override int Count(object data) => ((IReadOnlyList<T>)data).Count;

    public override object? ItemAt(object data, int index) => ((IReadOnlyList<T>)data)[index];
}

/// <summary>Lists that the host describes.</summary>
internal sealed class DescribedListShape : Shape
{
    public override GoType TypeOf(object data) => ((ITemplateList)data).Type;

    public override int Count(object data) => ((ITemplateList)data).Count;

    public override object? ItemAt(object data, int index) => ((ITemplateList)data)[index];
}

/// <summary>Lists of an element type that the table does not hold.</summary>
internal sealed class UntypedListShape(GoType type) : Shape
{
    public override GoType TypeOf(object data) => type;

    public override int Count(object data) => ((IList)data).Count;

    public override object? ItemAt(object data, int index) => ((IList)data)[index];
}
