using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>What became of one destination.</summary>
/// <param name="Unit">The template.</param>
/// <param name="Config">The block with the destination.</param>
/// <param name="Changed">The file is another now; otherwise it was already as it should be.</param>
internal readonly record struct RenderReport(TemplateUnit Unit, TemplateConfig Config, bool Changed);
