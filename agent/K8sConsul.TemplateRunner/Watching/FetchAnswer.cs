using K8sConsul.TemplateRunner.Data;

namespace K8sConsul.TemplateRunner.Watching;

/// <param name="Data">Null for an absent key that is waited for.</param>
/// <param name="Index">For the next request; smaller than the last one when the servers have begun anew.</param>
/// <param name="LastContact">How old the answer may be.</param>
internal readonly record struct FetchAnswer(DependencyData? Data, ulong Index, TimeSpan LastContact);
