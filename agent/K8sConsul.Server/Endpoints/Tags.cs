using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>?tag</c>, repeatable; all must be carried, compared without case. An empty tag matches only an empty tag.</summary>
internal static class Tags
{
    public static bool All(ServiceRecord service, ReadOnlySpan<string> wanted)
    {
        foreach (string tag in wanted)
        {
            if (!service.HasTag(tag))
            {
                return false;
            }
        }

        return true;
    }
}
