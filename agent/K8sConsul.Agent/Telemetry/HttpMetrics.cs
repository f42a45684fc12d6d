using System.Collections.Frozen;
using K8sConsul.Server.Api;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>
/// <c>http.METHOD.path</c>: the time of each answer, by endpoint, the part after a path's last slash being <c>_</c>; and
/// <c>client.api.*</c>, which Consul counts for the catalog alone.
/// </summary>
public sealed class HttpMetrics
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH"];

    private static readonly FrozenDictionary<string, (string Name, string SuccessName)> CatalogCalls =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["/v1/catalog/register"] = ("catalog_register", "catalog_register"),
            ["/v1/catalog/deregister"] = ("catalog_deregister", "catalog_deregister"),
            ["/v1/catalog/datacenters"] = ("catalog_datacenters", "catalog_datacenters"),
            ["/v1/catalog/nodes"] = ("catalog_nodes", "catalog_nodes"),
            ["/v1/catalog/services"] = ("catalog_services", "catalog_services"),
            ["/v1/catalog/service/"] = ("catalog_service_nodes", "catalog_service_nodes"),

            // Consul's own slip: the calls have a name of their own, their successes do not.
            ["/v1/catalog/connect/"] = ("catalog_connect_service_nodes", "catalog_service_nodes"),
            ["/v1/catalog/node/"] = ("catalog_node_services", "catalog_node_services"),
            ["/v1/catalog/node-services/"] = ("catalog_node_service_list", "catalog_node_service_list"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<ApiRoute, RouteMetrics> _routes;

    public HttpMetrics(MetricsRegistry registry, ApiRouter router, string node) =>
        _routes = router.Routes.ToFrozenDictionary(route => route, route => new RouteMetrics(registry, route.Path, node));

    /// <param name="started">A timestamp of the registry's clock.</param>
    public void Served(ApiRoute route, string method, long started, int status) => _routes[route].Served(method, started, status);

    /// <summary><c>/v1/kv/</c> is <c>v1.kv._</c>.</summary>
    internal static string NameOf(string path) =>
        string.Join('.', path[1..].Split('/').Select(part => part.Length == 0 ? "_" : part));

    private sealed class RouteMetrics
    {
        private readonly Sample[] _times;
        private readonly Counter? _calls;
        private readonly Counter? _successes;
        private readonly Counter? _errors;

        public RouteMetrics(MetricsRegistry registry, string path, string node)
        {
            bool isHot = path is "/v1/kv/" or "/v1/health/service/" or "/v1/catalog/service/";
            _times = [.. Methods.Select(method => registry.Sample($"http.{method}.{NameOf(path)}", isHot && method is ("GET" or "PUT")))];
            if (CatalogCalls.TryGetValue(path, out (string Name, string SuccessName) call))
            {
                var label = new MetricLabel("node", node);
                _calls = registry.Counter("client.api." + call.Name, isHot, label);
                _successes = registry.Counter("client.api.success." + call.SuccessName, isHot, label);
                _errors = registry.Counter("client.rpc.error." + call.Name, isHot: false, label);
            }
        }

        public void Served(string method, long started, int status)
        {
            // Methods that nobody knows are refused anyway, and must not make names.
            int index = Array.IndexOf(Methods, method);
            if (index >= 0)
            {
                _times[index].Since(started);
            }

            if (_calls is null || status == 405 || method is "OPTIONS")
            {
                return;
            }

            _calls.Increment();
            if (status < 400)
            {
                _successes!.Increment();
            }
            else if (status >= 500)
            {
                _errors!.Increment();
            }
        }
    }
}
