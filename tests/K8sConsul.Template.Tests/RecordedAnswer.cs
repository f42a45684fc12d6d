namespace K8sConsul.Template.Tests;

/// <param name="Template">What was asked.</param>
/// <param name="MissingKey">Go's option; empty for the default.</param>
/// <param name="Output">What was printed, also before an error.</param>
/// <param name="Error">Empty when there was none.</param>
internal sealed record RecordedAnswer(string Template, string MissingKey, string Output, string Error);
