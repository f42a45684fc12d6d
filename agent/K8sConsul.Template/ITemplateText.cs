namespace K8sConsul.Template;

/// <summary>A value that prints itself, as one with Go's <c>String</c> or <c>Error</c> method does: by <c>%v %s %q %x %X</c> and by <c>print</c>.</summary>
public interface ITemplateText
{
    string ToTemplateText();
}
