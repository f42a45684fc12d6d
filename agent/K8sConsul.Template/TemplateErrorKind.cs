namespace K8sConsul.Template;

public enum TemplateErrorKind
{
    /// <summary>The text is no template.</summary>
    Parse,

    /// <summary>The template asks for what its data does not have, or a function failed.</summary>
    Execute,

    /// <summary>One of <see cref="TemplateLimits"/> is reached, by the template or by the nesting of its text.</summary>
    Limit,
}
