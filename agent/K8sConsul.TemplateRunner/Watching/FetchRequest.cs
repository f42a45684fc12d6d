namespace K8sConsul.TemplateRunner.Watching;

/// <param name="Index">Of the last answer; zero returns at once.</param>
/// <param name="AllowStale">Any server may answer.</param>
internal readonly record struct FetchRequest(ulong Index, bool AllowStale);
