namespace K8sConsul.Template.Tests;

/// <summary>The recorder's <c>Dur</c>: a value with a String method.</summary>
internal sealed class GoDur : ITemplateText
{
    public string ToTemplateText() => "dur";
}
