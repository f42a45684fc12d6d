namespace K8sConsul.Template.Functions;

/// <summary>A state of an execution (<see cref="TemplateRun.State"/>) that keeps what <c>scratch</c> remembers.</summary>
public interface IScratchHolder
{
    Scratch Scratch { get; }
}
