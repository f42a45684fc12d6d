using K8sConsul.Server.Api;
using Microsoft.AspNetCore.Http;

namespace K8sConsul.Agent.Http;

/// <summary>
/// Namespaces belong to Consul Enterprise. The free program refuses a request that names one, whatever its name, at the
/// endpoints that would know what to do with it, and ignores it at all others.
/// </summary>
internal static class NamespaceRule
{
    private const string Header = "X-Consul-Namespace";

    /// <returns>The text of the refusal, or null.</returns>
    public static string? Refuse(string path, ApiQuery query, IHeaderDictionary headers)
    {
        bool byHeader = headers[Header].ToString().Length > 0;
        if ((!byHeader && query["ns"].Length == 0) || !KnowsNamespaces(path))
        {
            return null;
        }

        return byHeader
            ? $"Bad request: Invalid header: \"{Header}\" - Namespaces are a Consul Enterprise feature"
            : "Bad request: Invalid query parameter: \"ns\" - Namespaces are a Consul Enterprise feature";
    }

    private static bool KnowsNamespaces(string path) =>
        IsBelow(path, "/v1/kv/")
        || IsBelow(path, "/v1/session/")
        || IsBelow(path, "/v1/health/")
        || IsBelow(path, "/v1/agent/service")
        || IsBelow(path, "/v1/agent/check")
        || IsBelow(path, "/v1/agent/health/")
        || (IsBelow(path, "/v1/catalog/") && path is not ("/v1/catalog/nodes" or "/v1/catalog/datacenters"));

    private static bool IsBelow(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal);
}
