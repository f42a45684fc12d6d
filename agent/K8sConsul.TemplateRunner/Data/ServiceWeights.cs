namespace K8sConsul.TemplateRunner.Data;

/// <summary>Shares of the traffic, by the state an instance is in.</summary>
public sealed record ServiceWeights
{
    public int Passing { get; init; } = 1;

    public int Warning { get; init; } = 1;
}
