namespace K8sConsul.Contracts.Model;

/// <summary>An event of <c>/v1/event</c>.</summary>
public sealed class UserEvent
{
    public string ID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public byte[]? Payload { get; set; }

    public string NodeFilter { get; set; } = string.Empty;

    public string ServiceFilter { get; set; } = string.Empty;

    public string TagFilter { get; set; } = string.Empty;

    public int Version { get; set; }

    /// <summary>Serf's Lamport time; zero in the answer to firing it.</summary>
    public ulong LTime { get; set; }
}
