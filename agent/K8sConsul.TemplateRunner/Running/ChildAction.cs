namespace K8sConsul.TemplateRunner.Running;

internal enum ChildAction
{
    None,
    Start,
    Reload,
}
