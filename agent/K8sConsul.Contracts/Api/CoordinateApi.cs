using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/coordinate</c>.</summary>
public static class CoordinateApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    public static ConsulRequest<List<CoordinateDatacenter>> Datacenters()
    {
        return ApiRequest.Get("/v1/coordinate/datacenters", Json.ListCoordinateDatacenter);
    }

    public static ConsulRequest<List<CoordinateEntry>> Nodes(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/coordinate/nodes", Json.ListCoordinateEntry).With(options);
    }

    /// <summary>Empty when the node has none.</summary>
    public static ConsulRequest<List<CoordinateEntry>> Node(string node, QueryOptions? options = null)
    {
        return new ConsulRequest<List<CoordinateEntry>>("GET", "/v1/coordinate/node/" + node, answer =>
            answer.StatusCode == 404 ? [] : answer.RequireOk().ReadJson(Json.ListCoordinateEntry)).With(options);
    }

    /// <summary>Applied later; unknown nodes are dropped.</summary>
    public static ConsulRequest<Nothing> Update(CoordinateEntry entry, QueryOptions? options = null)
    {
        return ApiRequest.Put("/v1/coordinate/update", entry, Json.CoordinateEntry).With(options);
    }
}
