using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>?node-meta=key:value</c>, repeatable; all must hold. A key that the node lacks matches nothing, not even an empty value.</summary>
internal static class NodeMetaFilter
{
    public static IReadOnlyList<(string Key, string Value)> Parse(ApiRequest request)
    {
        List<(string, string)>? filters = null;
        foreach (string text in request.Query.All("node-meta"))
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            (filters ??= []).Add(colon < 0 ? (text, string.Empty) : (text[..colon], text[(colon + 1)..]));
        }

        return filters ?? (IReadOnlyList<(string, string)>)[];
    }

    public static bool Matches(NodeRecord node, IReadOnlyList<(string Key, string Value)> filters)
    {
        foreach ((string key, string value) in filters)
        {
            if (!string.Equals(node.Meta?[key], value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
