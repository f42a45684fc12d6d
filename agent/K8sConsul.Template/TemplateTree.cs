namespace K8sConsul.Template;

/// <summary>One template of a set: the main one of a text, or a definition in it.</summary>
internal sealed record TemplateTree(string Name, Node.List Root);
