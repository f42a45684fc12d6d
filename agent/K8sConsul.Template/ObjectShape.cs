namespace K8sConsul.Template;

/// <summary>The host's structures, its functions as values, and whatever is none of ours: that prints itself by <c>ToString</c>.</summary>
internal sealed class ObjectShape : Shape
{
    public static ObjectShape Instance { get; } = new();

    public override GoType TypeOf(object data)
    {
        return data switch
        {
            ITemplateObject structure => structure.Type,
            TemplateFunction function => function.Type,
            ITemplateText text => text.Type,
            _ => GoType.Struct(data.GetType().Name),
        };
    }
}
