using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/event</c>.</summary>
public static class EventApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    /// <param name="fired">Name, payload and filters; the rest is the agent's.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<UserEvent> Fire(UserEvent fired, QueryOptions? options = null)
    {
        return new ConsulRequest<UserEvent>(
            "PUT", "/v1/event/fire/" + fired.Name, answer => answer.RequireOk().ReadJson(Json.UserEvent))
        {
            Body = fired.Payload ?? [],
        }.With("node", fired.NodeFilter).With("service", fired.ServiceFilter).With("tag", fired.TagFilter).With(options);
    }

    /// <summary>What this agent has seen lately, oldest first.</summary>
    /// <param name="name">Null for all.</param>
    /// <param name="options">Null for the defaults.</param>
    public static ConsulRequest<List<UserEvent>> List(string? name = null, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/event/list", Json.ListUserEvent).With("name", name).With(options);
    }
}
