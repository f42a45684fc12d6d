namespace K8sConsul.Template;

/// <summary>A value that prints itself, as one with Go's <c>String</c> or <c>Error</c> method does.</summary>
/// <remarks>By <c>%v %s %q %x %X</c>, and by <c>print</c>.</remarks>
public interface ITemplateText
{
    string ToTemplateText();
}
