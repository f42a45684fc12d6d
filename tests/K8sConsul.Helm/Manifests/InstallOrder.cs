namespace K8sConsul.Helm.Manifests;

/// <summary>The order in which Helm installs kinds. Others come last, by their names; within a kind the order stays as it was.</summary>
internal sealed class InstallOrder : IComparer<string>
{
    private static readonly string[] s_kinds =
    [
        "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
        "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim",
        "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList",
        "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
        "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    ];

    private InstallOrder()
    {
    }

    public static InstallOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        int left = Array.IndexOf(s_kinds, x);
        int right = Array.IndexOf(s_kinds, y);
        return (left < 0, right < 0) switch
        {
            (true, true) => string.CompareOrdinal(x, y),
            (true, false) => 1,
            (false, true) => -1,
            _ => left.CompareTo(right),
        };
    }
}
