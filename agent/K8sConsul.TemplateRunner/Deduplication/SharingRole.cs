namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>What an instance is for one template.</summary>
internal enum SharingRole
{
    /// <summary>Asks, and publishes.</summary>
    Leader,

    /// <summary>Waits for what the leader publishes.</summary>
    Follower,

    /// <summary>Asks for itself: Consul does not say who leads, or the data is too large to be shared.</summary>
    Alone,
}
