namespace K8sConsul.TemplateRunner.Data;

/// <summary>An address under a name such as <c>lan</c> or <c>wan</c>.</summary>
public sealed record ServiceAddress
{
    public string Address { get; init; } = string.Empty;

    public int Port { get; init; }
}
