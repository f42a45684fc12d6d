namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Paths that lead nowhere, and methods that a path does not have.</summary>
internal static class PathCases
{
    private static readonly string[] Targets =
    [
        "/nosuch",
        "/v1",
        "/v1/",
        "/v2/kv/a",
        "/v1/nosuch",
        "/v1/KV/a",
        "/v1/agent",
        "/v1/agent/",
        "/v1/agent/nosuch",
        "/v1/agent/self/",
        "/v1/agent/self/more",
        "/v1/catalog",
        "/v1/catalog/nosuch",
        "/v1/catalog/nodes/",
        "/v1/health",
        "/v1/session",
        "/v1/session/create/more",
        "/v1/txn/more",
        "/v1/status",
        "/v1/operator",
        "/v1/operator/nosuch",
        "//v1/kv/a",
        "/v1//kv/a",
        "/v1/kv/../agent/self",
        "/v1/kv/./a",
        "/../../etc/passwd",
        "/v1/kv/..%2f..%2fetc",
        "/v1/kv/%2e%2e/x",
        "/v1/kv/%",
        "/v1/kv/%z",
        "/v1/kv/%zz",
        "/v1/kv/%1",
        "/v1/kv/a%00b",
        "/v1/kv/a%01b",
        "/v1/kv/a%7fb",
        "/v1/kv/a%0ab",
        "/v1/kv/%ff%fe",
        "/v1/kv/%c0%80",
        "/v1/kv/%ed%a0%80",
        "/v1/kv/%e2%80%8b",
        "/v1/kv/%F0%9F%98%80",
        "/v1/kv/a+b",
        "/v1/kv/a%2Fb",
        "/v1/kv/a#fragment",
        "/v1/kv/\u00e9",
        "/v1/kv/\u00ff\u00fe",
        "http://elsewhere/v1/kv/a",
        "http://elsewhere",
        "*",
        "v1/kv/a",
        "?",
        "/?",
    ];

    private static readonly (string Method, string Path)[] Methods =
    [
        ("POST", "/v1/kv/a"), ("PATCH", "/v1/kv/a"), ("HEAD", "/v1/kv/a"), ("OPTIONS", "/v1/kv/a"), ("TRACE", "/v1/kv/a"), ("CONNECT", "/v1/kv/a"),
        ("NONSENSE", "/v1/kv/a"), ("get", "/v1/kv/a"), ("G@T", "/v1/kv/a"), ("G(T", "/v1/kv/a"),
        ("GET", "/v1/txn"), ("POST", "/v1/txn"), ("HEAD", "/v1/txn"), ("OPTIONS", "/v1/txn"),
        ("GET", "/v1/agent/service/register"), ("POST", "/v1/agent/service/register"), ("DELETE", "/v1/agent/service/register"), ("OPTIONS", "/v1/agent/service/register"),
        ("PUT", "/v1/agent/self"), ("HEAD", "/v1/agent/self"), ("OPTIONS", "/v1/agent/self"),
        ("PUT", "/v1/agent/members"), ("GET", "/v1/agent/join/x"), ("GET", "/v1/agent/leave"), ("GET", "/v1/agent/reload"), ("POST", "/v1/agent/reload"),
        ("PUT", "/v1/catalog/nodes"), ("DELETE", "/v1/catalog/nodes"), ("HEAD", "/v1/catalog/nodes"), ("GET", "/v1/catalog/register"),
        ("PUT", "/v1/health/service/a"), ("HEAD", "/v1/health/service/consul"), ("OPTIONS", "/v1/health/service/a"),
        ("GET", "/v1/session/create"), ("DELETE", "/v1/session/destroy/x"), ("PUT", "/v1/status/leader"), ("HEAD", "/v1/status/leader"),
        ("GET", "/v1/operator/raft/peer"), ("PUT", "/v1/operator/raft/configuration"), ("DELETE", "/v1/snapshot"), ("OPTIONS", "/v1/snapshot"),
        ("PUT", "/v1/coordinate/nodes"), ("OPTIONS", "/nosuch"), ("PUT", "/nosuch"), ("HEAD", "/"), ("POST", "/"), ("OPTIONS", "*"),
        ("PUT", "//v1/kv/a"), ("PUT", "/v1/kv/../kv/a"), ("HEAD", "/v1//kv/a"),
    ];

    public static IEnumerable<HttpCase> All()
    {
        foreach (string target in Targets)
        {
            yield return HttpCase.Of("path " + target, "GET", target);
        }

        foreach ((string method, string path) in Methods)
        {
            yield return HttpCase.Of($"method {method} {path}", method, path);
        }
    }
}
