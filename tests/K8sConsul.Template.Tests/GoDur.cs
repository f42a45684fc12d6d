namespace K8sConsul.Template.Tests;

/// <summary>The recorder's <c>Dur</c>: a number with a String method.</summary>
internal sealed class GoDur : ITemplateText
{
    public GoType Type { get; } = GoType.Named("main.Dur", GoType.Int64);

    public object Value => 5L;

    public string ToTemplateText() => "dur";
}
