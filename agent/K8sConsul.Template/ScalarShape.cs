namespace K8sConsul.Template;

/// <summary>A type without parts.</summary>
internal sealed class ScalarShape(GoType type) : Shape
{
    public override GoType TypeOf(object data) => type;
}
