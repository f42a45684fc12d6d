using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>?node-meta=key:value</c>, repeatable; all must hold. Without a colon the value is the empty one. Of two values for a key the last counts.</summary>
internal static class NodeMetaFilter
{
    public static IReadOnlyList<(string Key, string Value)> Parse(ApiRequest request)
    {
        List<(string Key, string Value)>? filters = null;
        foreach (string text in request.Query.All("node-meta"))
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            (string Key, string Value) filter = colon < 0 ? (text, string.Empty) : (text[..colon], text[(colon + 1)..]);
            (filters ??= []).RemoveAll(f => string.Equals(f.Key, filter.Key, StringComparison.Ordinal));
            filters.Add(filter);
        }

        return filters ?? (IReadOnlyList<(string, string)>)[];
    }

    public static bool Matches(NodeRecord node, IReadOnlyList<(string Key, string Value)> filters)
    {
        foreach ((string key, string value) in filters)
        {
            if (node.Meta?[key] is not { } present || !string.Equals(present, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
