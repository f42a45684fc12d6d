using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/catalog</c>.</summary>
public static class CatalogApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    /// <summary>Nearest first.</summary>
    public static ConsulRequest<List<string>> Datacenters()
    {
        return ApiRequest.Get("/v1/catalog/datacenters", Json.ListString);
    }

    public static ConsulRequest<List<CatalogNode>> Nodes(QueryOptions? options = null)
    {
        return new ConsulRequest<List<CatalogNode>>(
            "GET", "/v1/catalog/nodes", answer => answer.RequireOk().ReadJson(ListingReader.Nodes)).With(options);
    }

    /// <summary>Names with the union of their instances' tags.</summary>
    public static ConsulRequest<Dictionary<string, List<string>>> Services(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/catalog/services", Json.DictionaryStringListString).With(options);
    }

    public static ConsulRequest<List<CatalogService>> Service(string name, QueryOptions? options = null, string? tag = null)
    {
        return ApiRequest.Get("/v1/catalog/service/" + name, Json.ListCatalogService).With("tag", tag).With(options);
    }

    /// <summary>Null for an unknown node.</summary>
    public static ConsulRequest<CatalogNodeServices?> Node(string nameOrId, QueryOptions? options = null)
    {
        return new ConsulRequest<CatalogNodeServices?>(
            "GET", "/v1/catalog/node/" + nameOrId, answer => answer.RequireOk().ReadJson(Json.CatalogNodeServices)).With(options);
    }

    public static ConsulRequest<bool> Register(CatalogRegistration registration)
    {
        return ApiRequest.Put("/v1/catalog/register", registration, Json.CatalogRegistration, Json.Boolean);
    }

    public static ConsulRequest<bool> Deregister(CatalogDeregistration deregistration)
    {
        return ApiRequest.Put("/v1/catalog/deregister", deregistration, Json.CatalogDeregistration, Json.Boolean);
    }
}
