namespace K8sConsul.TemplateRunner.Running;

internal enum RunNoteKind
{
    /// <summary>Dependencies have no data yet.</summary>
    Missing,

    /// <summary>Complete, but changes may go on.</summary>
    Waiting,

    /// <summary>The execution failed.</summary>
    Failed,
}
