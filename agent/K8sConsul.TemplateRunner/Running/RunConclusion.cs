namespace K8sConsul.TemplateRunner.Running;

/// <summary>What follows the writing.</summary>
/// <param name="Commands">Each once, in the order of the configuration.</param>
/// <param name="Child">After the commands.</param>
/// <param name="FirstComplete">With this run every template has been rendered once.</param>
internal sealed record RunConclusion(IReadOnlyList<RenderReport> Commands, ChildAction Child, bool FirstComplete);
