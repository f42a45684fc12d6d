using System.Collections;
using System.Diagnostics.CodeAnalysis;
using K8sConsul.Template;

namespace K8sConsul.Helm.Rendering;

/// <summary><c>.Capabilities.APIVersions</c>. Without a cluster these are groups with versions, and no kinds but those that were given.</summary>
internal sealed class ApiVersions(IEnumerable<string> more) : ITemplateList, ITemplateMethods
{
    private static readonly GoType s_type = GoType.Named("chartutil.VersionSet", GoType.SliceOf(GoType.String));

    /// <summary>What a client of Kubernetes 1.31 can speak.</summary>
    private static readonly string[] s_known =
    [
        "v1", "admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1alpha1", "admissionregistration.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1", "apps/v1", "apps/v1beta1", "apps/v1beta2", "authentication.k8s.io/v1",
        "authentication.k8s.io/v1alpha1", "authentication.k8s.io/v1beta1", "authorization.k8s.io/v1", "authorization.k8s.io/v1beta1",
        "autoscaling/v1", "autoscaling/v2", "autoscaling/v2beta1", "autoscaling/v2beta2", "batch/v1", "batch/v1beta1",
        "certificates.k8s.io/v1", "certificates.k8s.io/v1alpha1", "certificates.k8s.io/v1beta1", "coordination.k8s.io/v1",
        "coordination.k8s.io/v1alpha1", "coordination.k8s.io/v1beta1", "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1", "events.k8s.io/v1",
        "events.k8s.io/v1beta1", "extensions/v1beta1", "flowcontrol.apiserver.k8s.io/v1", "flowcontrol.apiserver.k8s.io/v1beta1",
        "flowcontrol.apiserver.k8s.io/v1beta2", "flowcontrol.apiserver.k8s.io/v1beta3", "internal.apiserver.k8s.io/v1alpha1",
        "networking.k8s.io/v1", "networking.k8s.io/v1alpha1", "networking.k8s.io/v1beta1", "node.k8s.io/v1", "node.k8s.io/v1alpha1",
        "node.k8s.io/v1beta1", "policy/v1", "policy/v1beta1", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1alpha1",
        "rbac.authorization.k8s.io/v1beta1", "resource.k8s.io/v1alpha3", "scheduling.k8s.io/v1", "scheduling.k8s.io/v1alpha1",
        "scheduling.k8s.io/v1beta1", "storage.k8s.io/v1", "storage.k8s.io/v1alpha1", "storage.k8s.io/v1beta1",
        "storagemigration.k8s.io/v1alpha1",
    ];

    private readonly string[] _versions = [.. s_known, .. more];

    public GoType Type => s_type;

    public int Count => _versions.Length;

    public object? this[int index] => _versions[index];

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name == "Has" ? TemplateFunction.Create((string version) => _versions.Contains(version, StringComparer.Ordinal)) : null;
        return method is not null;
    }

    public IEnumerator<object?> GetEnumerator() => _versions.AsEnumerable<object?>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
