namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Query parameters that cannot be understood, or contradict each other.</summary>
internal static class ParameterCases
{
    private static readonly string[] Gets =
    [
        "/v1/kv/a?index=x",
        "/v1/kv/a?index=-1",
        "/v1/kv/a?index=99999999999999999999999",
        "/v1/kv/a?index=1.5",
        "/v1/kv/a?index=1&wait=x",
        "/v1/kv/a?wait=5",
        "/v1/kv/a?wait=5parsecs",
        "/v1/kv/a?wait=99999999999999h",
        "/v1/kv/a?wait=%00",
        "/v1/kv/a?consistent&stale",
        "/v1/kv/a?dc=nosuch",
        "/v1/kv/a?dc=no/such",
        "/v1/kv/a?raw&recurse",
        "/v1/kv/?keys&separator=",
        "/v1/kv/a?%zz=1",
        "/v1/kv/a?a=%",
        "/v1/kv/a?a=1;b=2",
        "/v1/kv/",
        "/v1/kv",
        "/v1/catalog/nodes?index=x",
        "/v1/catalog/nodes?near=nosuch",
        "/v1/catalog/nodes?filter=(((",
        "/v1/catalog/nodes?filter=Nosuch==1",
        "/v1/catalog/nodes?filter=Node",
        "/v1/catalog/nodes?node-meta=",
        "/v1/catalog/nodes?node-meta=::::",
        "/v1/catalog/nodes?dc=nosuch",
        "/v1/catalog/nodes?max_stale=x",
        "/v1/catalog/nodes?consistent&stale",
        "/v1/catalog/nodes?wait=x",
        "/v1/catalog/nodes?wait=-5s&index=1",
        "/v1/catalog/nodes?cached&consistent",
        "/v1/catalog/services?index=x",
        "/v1/catalog/service/",
        "/v1/catalog/service/nosuch?tag=",
        "/v1/catalog/service/consul?filter=ServiceTags",
        "/v1/catalog/service/consul?filter=%00",
        "/v1/catalog/node/",
        "/v1/catalog/node/nosuch",
        "/v1/health/service/",
        "/v1/health/service/nosuch",
        "/v1/health/service/consul?passing=maybe",
        "/v1/health/service/consul?filter=a+b+c",
        "/v1/health/service/consul?index=x",
        "/v1/health/service/consul?wait=x",
        "/v1/health/state/",
        "/v1/health/state/nonsense",
        "/v1/health/node/",
        "/v1/health/checks/",
        "/v1/session/info/",
        "/v1/session/info/not-a-uuid",
        "/v1/session/node/",
        "/v1/coordinate/node/",
        "/v1/coordinate/node/nosuch",
        "/v1/agent/service/nosuch",
        "/v1/agent/service/",
        "/v1/agent/services?filter=((",
        "/v1/agent/checks?filter=Nosuch==1",
        "/v1/agent/health/service/id/nosuch",
        "/v1/agent/health/service/name/nosuch",
        "/v1/agent/health/service/id/",
        "/v1/agent/members?wan=maybe&segment=x",
        "/v1/agent/monitor?loglevel=nonsense",
        "/v1/snapshot?dc=nosuch",
        "/v1/operator/raft/configuration?dc=nosuch",
        "/v1/status/leader?dc=nosuch",
    ];

    private static readonly (string Method, string Target, string Body)[] Writes =
    [
        ("PUT", "/v1/kv/", "x"),
        ("PUT", "/v1/kv/a?flags=x", "x"),
        ("PUT", "/v1/kv/a?flags=-1", "x"),
        ("PUT", "/v1/kv/a?cas=x", "x"),
        ("PUT", "/v1/kv/a?cas=-1", "x"),
        ("PUT", "/v1/kv/a?acquire=nosuch", "x"),
        ("PUT", "/v1/kv/a?acquire=", "x"),
        ("PUT", "/v1/kv/a?release=nosuch", "x"),
        ("PUT", "/v1/kv/a?cas=1&acquire=x", "x"),
        ("PUT", "/v1/kv/a?acquire=x&release=y", "x"),
        ("PUT", "/v1/kv/a?dc=nosuch", "x"),
        ("DELETE", "/v1/kv/", ""),
        ("DELETE", "/v1/kv/a?cas=x", ""),
        ("DELETE", "/v1/kv/a?cas=0", ""),
        ("DELETE", "/v1/kv/a?cas=1&recurse", ""),
        ("PUT", "/v1/agent/service/deregister/nosuch", ""),
        ("PUT", "/v1/agent/service/deregister/", ""),
        ("PUT", "/v1/agent/check/deregister/nosuch", ""),
        ("PUT", "/v1/agent/check/deregister/", ""),
        ("PUT", "/v1/agent/check/pass/nosuch", ""),
        ("PUT", "/v1/agent/check/warn/", ""),
        ("PUT", "/v1/agent/check/fail/nosuch?note=x", ""),
        ("PUT", "/v1/agent/maintenance", ""),
        ("PUT", "/v1/agent/maintenance?enable=maybe", ""),
        ("PUT", "/v1/agent/service/maintenance/nosuch?enable=true", ""),
        ("PUT", "/v1/agent/service/maintenance/nosuch", ""),
        ("PUT", "/v1/agent/service/maintenance/?enable=true", ""),
        ("PUT", "/v1/agent/join/", ""),
        ("PUT", "/v1/agent/join/127.0.0.1:1", ""),
        ("PUT", "/v1/agent/join/%20", ""),
        ("PUT", "/v1/agent/force-leave/", ""),
        ("PUT", "/v1/agent/force-leave/nosuch", ""),
        ("DELETE", "/v1/operator/raft/peer", ""),
        ("DELETE", "/v1/operator/raft/peer?id=nosuch", ""),
        ("DELETE", "/v1/operator/raft/peer?address=nosuch", ""),
        ("DELETE", "/v1/operator/raft/peer?id=a&address=b", ""),
        ("PUT", "/v1/snapshot", "this is no snapshot"),
        ("PUT", "/v1/snapshot", ""),
        ("PUT", "/v1/snapshot?dc=nosuch", "x"),
    ];

    public static IEnumerable<HttpCase> All()
    {
        foreach (string target in Gets)
        {
            yield return HttpCase.Of("GET " + target, "GET", target);
        }

        foreach ((string method, string target, string body) in Writes)
        {
            yield return HttpCase.Of($"{method} {target} {body}", method, target, body);
        }
    }
}
