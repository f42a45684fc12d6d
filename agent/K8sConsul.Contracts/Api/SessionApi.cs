using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/session</c>.</summary>
public static class SessionApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    public static ConsulRequest<CreatedId> Create(SessionRequest session, QueryOptions? options = null)
    {
        return ApiRequest.Put("/v1/session/create", session, Json.SessionRequest, Json.CreatedId).With(options);
    }

    public static ConsulRequest<Nothing> Destroy(string id, QueryOptions? options = null)
    {
        return ApiRequest.Put("/v1/session/destroy/" + id).With(options);
    }

    /// <summary>Null when there is no such session any more.</summary>
    public static ConsulRequest<SessionEntry?> Renew(string id, QueryOptions? options = null)
    {
        return new ConsulRequest<SessionEntry?>("PUT", "/v1/session/renew/" + id, answer =>
            answer.StatusCode == 404 ? null : First(answer.RequireOk().ReadJson(Json.ListSessionEntry))).With(options);
    }

    /// <summary>Null when there is no such session.</summary>
    public static ConsulRequest<SessionEntry?> Info(string id, QueryOptions? options = null)
    {
        return new ConsulRequest<SessionEntry?>(
            "GET", "/v1/session/info/" + id, answer => First(answer.RequireOk().ReadJson(Json.ListSessionEntry))).With(options);
    }

    public static ConsulRequest<List<SessionEntry>> List(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/session/list", Json.ListSessionEntry).With(options);
    }

    public static ConsulRequest<List<SessionEntry>> Node(string node, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/session/node/" + node, Json.ListSessionEntry).With(options);
    }

    private static SessionEntry? First(List<SessionEntry> sessions)
    {
        return sessions.Count > 0 ? sessions[0] : null;
    }
}
