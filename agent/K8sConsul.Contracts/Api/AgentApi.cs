using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/agent</c>: about and through the agent that is asked.</summary>
public static class AgentApi
{
    /// <summary>Members of every network segment.</summary>
    public const string AllSegments = "_all";

    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    public static ConsulRequest<AgentSelf> Self()
    {
        return ApiRequest.Get("/v1/agent/self", Json.AgentSelf);
    }

    /// <param name="segment">Empty for the default segment; see <see cref="AllSegments"/>.</param>
    /// <param name="wan">The WAN pool. The answer is null where the agent has none.</param>
    public static ConsulRequest<List<AgentMember>?> Members(string segment, bool wan)
    {
        var request = new ConsulRequest<List<AgentMember>?>(
            "GET", "/v1/agent/members", answer => answer.RequireOk().ReadJson(ListingReader.Members));
        request.Query.Add("segment", segment);
        return request.With("wan", wan ? "1" : null);
    }

    public static ConsulRequest<Nothing> Join(string address, bool wan)
    {
        return ApiRequest.Put("/v1/agent/join/" + address).With("wan", wan ? "1" : null);
    }

    public static ConsulRequest<Nothing> Leave()
    {
        return ApiRequest.Put("/v1/agent/leave");
    }

    /// <param name="node">The member's name.</param>
    /// <param name="prune">Also take it off the list of members.</param>
    public static ConsulRequest<Nothing> ForceLeave(string node, bool prune)
    {
        ConsulRequest<Nothing> request = ApiRequest.Put("/v1/agent/force-leave/" + node);
        return prune ? request.With("prune", "1") : request;
    }

    public static ConsulRequest<Nothing> Reload()
    {
        return ApiRequest.Put("/v1/agent/reload");
    }

    public static ConsulRequest<Nothing> EnableNodeMaintenance(string reason)
    {
        return Maintenance("/v1/agent/maintenance", reason);
    }

    public static ConsulRequest<Nothing> DisableNodeMaintenance()
    {
        return ApiRequest.Put("/v1/agent/maintenance").With("enable", "false");
    }

    public static ConsulRequest<Nothing> EnableServiceMaintenance(string serviceId, string reason)
    {
        return Maintenance("/v1/agent/service/maintenance/" + serviceId, reason);
    }

    public static ConsulRequest<Nothing> DisableServiceMaintenance(string serviceId)
    {
        return ApiRequest.Put("/v1/agent/service/maintenance/" + serviceId).With("enable", "false");
    }

    /// <summary>By service id.</summary>
    public static ConsulRequest<Dictionary<string, AgentService>> Services(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/agent/services", Json.DictionaryStringAgentService).With(options);
    }

    /// <summary>By check id.</summary>
    public static ConsulRequest<Dictionary<string, HealthCheck>> Checks(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/agent/checks", Json.DictionaryStringHealthCheck).With(options);
    }

    /// <param name="service">What to register.</param>
    /// <param name="replaceExistingChecks">Drop the service's checks that this registration does not name.</param>
    public static ConsulRequest<Nothing> RegisterService(ServiceRegistration service, bool replaceExistingChecks = false)
    {
        return ApiRequest.Put("/v1/agent/service/register", service, Json.ServiceRegistration)
            .With("replace-existing-checks", replaceExistingChecks ? "true" : null);
    }

    public static ConsulRequest<Nothing> DeregisterService(string serviceId)
    {
        return ApiRequest.Put("/v1/agent/service/deregister/" + serviceId);
    }

    public static ConsulRequest<Nothing> RegisterCheck(NodeCheckRegistration check)
    {
        return ApiRequest.Put("/v1/agent/check/register", check, Json.NodeCheckRegistration);
    }

    public static ConsulRequest<Nothing> DeregisterCheck(string checkId)
    {
        return ApiRequest.Put("/v1/agent/check/deregister/" + checkId);
    }

    /// <summary>The result of a TTL check.</summary>
    public static ConsulRequest<Nothing> UpdateCheck(string checkId, CheckUpdate update)
    {
        return ApiRequest.Put("/v1/agent/check/update/" + checkId, update, Json.CheckUpdate);
    }

    /// <summary>Log lines from now on, until either side ends it.</summary>
    public static ConsulStreamRequest Monitor(string logLevel, bool logJson)
    {
        var request = new ConsulStreamRequest("GET", "/v1/agent/monitor");
        request.Query.AddUnlessEmpty("loglevel", logLevel);
        request.Query.AddUnlessEmpty("logjson", logJson ? "true" : null);
        return request;
    }

    private static ConsulRequest<Nothing> Maintenance(string path, string reason)
    {
        ConsulRequest<Nothing> request = ApiRequest.Put(path).With("enable", "true");
        request.Query.Add("reason", reason);
        return request;
    }
}
