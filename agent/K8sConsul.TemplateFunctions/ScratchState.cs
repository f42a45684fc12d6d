namespace K8sConsul.Template.Functions;

/// <summary>A state that holds nothing else than a scratch: make one for each execution.</summary>
public sealed class ScratchState : IScratchHolder
{
    public Scratch Scratch { get; } = new();
}
