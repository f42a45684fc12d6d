using K8sConsul.Server.Endpoints;

namespace K8sConsul.Server.Api;

/// <summary>
/// The cluster's endpoints without handlers: what the edge of a client must know of them. A test holds it against the
/// routes of a server.
/// </summary>
public static class ClusterRoutes
{
    public static IEnumerable<ApiRoute> ForClients(long kvValueBytesMax, long txnBytesMax)
    {
        yield return new ApiRoute("/v1/kv/", Operation("GET"), Operation("PUT"), Operation("DELETE"))
        {
            BodyBytesMax = kvValueBytesMax,
            BodyTooLarge = bytes => KvEndpoints.TooLarge(bytes, kvValueBytesMax),
            BodyUnreadable = KvEndpoints.Unreadable,
        };
        yield return Of("/v1/session/create", "PUT");
        yield return Of("/v1/session/destroy/", "PUT");
        yield return Of("/v1/session/renew/", "PUT");
        yield return Of("/v1/session/info/", "GET");
        yield return Of("/v1/session/node/", "GET");
        yield return Of("/v1/session/list", "GET");
        yield return Of("/v1/catalog/register", "PUT");
        yield return Of("/v1/catalog/deregister", "PUT");
        yield return Of("/v1/catalog/datacenters", "GET");
        yield return Of("/v1/catalog/nodes", "GET");
        yield return Of("/v1/catalog/services", "GET");
        yield return Of("/v1/catalog/service/", "GET");
        yield return Of("/v1/catalog/connect/", "GET");
        yield return Of("/v1/catalog/node/", "GET");
        yield return Of("/v1/catalog/node-services/", "GET");
        yield return Of("/v1/health/node/", "GET");
        yield return Of("/v1/health/checks/", "GET");
        yield return Of("/v1/health/state/", "GET");
        yield return Of("/v1/health/service/", "GET");
        yield return Of("/v1/health/connect/", "GET");
        long txnBodyBytesMax = Math.Max(kvValueBytesMax, txnBytesMax);
        yield return new ApiRoute("/v1/txn", Operation("PUT"))
        {
            BodyBytesMax = txnBodyBytesMax,
            BodyTooLarge = bytes => TxnEndpoints.TooLarge(bytes, txnBodyBytesMax),
            BodyUnreadable = TxnEndpoints.Unreadable,
        };
        yield return Of("/v1/coordinate/datacenters", "GET");
        yield return Of("/v1/coordinate/nodes", "GET");
        yield return Of("/v1/coordinate/node/", "GET");
        yield return Of("/v1/coordinate/update", "PUT");
        yield return Of("/v1/status/leader", "GET");
        yield return Of("/v1/status/peers", "GET");
        yield return Of("/v1/operator/raft/configuration", "GET");
        yield return Of("/v1/operator/raft/peer", "DELETE");
        yield return Of("/v1/operator/raft/transfer-leader", "POST");
        yield return Of("/v1/operator/autopilot/configuration", "GET", "PUT");
        yield return Of("/v1/operator/autopilot/health", "GET");
        yield return Of("/v1/operator/autopilot/state", "GET");
        yield return new ApiRoute("/v1/snapshot", Operation("GET"), Operation("PUT")) { StreamsBody = true, BodyBytesMax = SnapshotEndpoints.StateBytesMax };
    }

    private static ApiRoute Of(string path, params ReadOnlySpan<string> methods)
    {
        var operations = new (string, ApiScope, ApiHandler)[methods.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = Operation(methods[i]);
        }

        return new ApiRoute(path, operations);
    }

    private static (string, ApiScope, ApiHandler) Operation(string method) =>
        (method, ApiScope.Server, static (_, _) => throw new InvalidOperationException("a client has no handler for a cluster call"));
}
