using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/health</c>.</summary>
public static class HealthApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    /// <summary>The node's own checks and its services'.</summary>
    public static ConsulRequest<List<HealthCheck>> Node(string node, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/health/node/" + node, Json.ListHealthCheck).With(options);
    }

    public static ConsulRequest<List<HealthCheck>> Checks(string service, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/health/checks/" + service, Json.ListHealthCheck).With(options);
    }

    /// <param name="service">The service's name.</param>
    /// <param name="passingOnly">Only instances all of whose checks pass; a warning counts as not passing.</param>
    /// <param name="tag">Null for any.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<List<ServiceEntry>> Service(
        string service, bool passingOnly = false, string? tag = null, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/health/service/" + service, Json.ListServiceEntry)
            .With("passing", passingOnly ? "1" : null).With("tag", tag).With(options);
    }

    /// <summary>The instances that a client of the mesh may dial for a service: its proxies, or itself where it needs none.</summary>
    /// <inheritdoc cref="Service"/>
    public static ConsulRequest<List<ServiceEntry>> Connect(
        string service, bool passingOnly = false, string? tag = null, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/health/connect/" + service, Json.ListServiceEntry)
            .With("passing", passingOnly ? "1" : null).With("tag", tag).With(options);
    }

    /// <param name="state"><c>any</c>, <c>passing</c>, <c>warning</c> or <c>critical</c>.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<List<HealthCheck>> State(string state, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/health/state/" + state, Json.ListHealthCheck).With(options);
    }
}
