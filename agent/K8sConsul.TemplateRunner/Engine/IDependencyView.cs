namespace K8sConsul.TemplateRunner.Engine;

/// <summary>What is known. Whoever looks here leaves a trace: see <see cref="RenderOutcome.Used"/>.</summary>
public interface IDependencyView
{
    /// <summary>The last data; null when there is none yet.</summary>
    Data.DependencyData? Recall(Dependencies.Dependency dependency);
}
