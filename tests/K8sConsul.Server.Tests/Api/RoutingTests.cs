using K8sConsul.Server.Api;

namespace K8sConsul.Server.Tests.Api;

/// <summary>Paths and query texts, compared with slow obvious versions.</summary>
public sealed class RoutingTests
{
    private static readonly string[] _paths = ["/v1/kv/", "/v1/kv/special", "/v1/kv/deep/", "/v1/txn", "/v1/health/service/", "/v1/health/"];

    private static readonly ApiRouter _router = new(_paths.Select(path => new ApiRoute(path, ("GET", ApiScope.Read, Nothing), ("PUT", ApiScope.Leader, Nothing))));

    [Theory]
    [InlineData("/v1/kv/", "/v1/kv/", "")]
    [InlineData("/v1/kv/a/b", "/v1/kv/", "a/b")]
    [InlineData("/v1/kv/a/", "/v1/kv/", "a/")]
    [InlineData("/v1/kv/special", "/v1/kv/special", "")]
    [InlineData("/v1/kv/special/x", "/v1/kv/", "special/x")]
    [InlineData("/v1/kv/deep/x", "/v1/kv/deep/", "x")]
    [InlineData("/v1/kv/deep", "/v1/kv/", "deep")]
    [InlineData("/v1/kv//x", "/v1/kv/", "/x")]
    [InlineData("/v1/txn", "/v1/txn", "")]
    [InlineData("/v1/txn/x", null, "")]
    [InlineData("/v1/kv", null, "")]
    [InlineData("/", null, "")]
    [InlineData("", null, "")]
    [InlineData("kv/x", null, "")]
    public void The_exact_path_wins_else_the_longest_folder(string path, string? route, string argument)
    {
        Assert.Equal(route, _router.Find(path, out string found)?.Path);
        Assert.Equal(argument, found);
    }

    [Fact]
    public void A_path_that_is_a_folder_only_with_a_slash_is_known_as_such()
    {
        Assert.True(_router.IsFolder("/v1/kv"));
        Assert.False(_router.IsFolder("/v1/kv/"));
        Assert.False(_router.IsFolder("/v1/txn"));
        Assert.False(_router.IsFolder("/v1/nothing"));
    }

    [Fact]
    public void Methods_are_those_of_the_route()
    {
        ApiRoute route = _router.Find("/v1/txn", out _)!;
        Assert.True(route.TryFind("PUT", out ApiScope scope, out _));
        Assert.Equal(ApiScope.Leader, scope);
        Assert.False(route.TryFind("put", out _, out _));
        Assert.False(route.TryFind("DELETE", out _, out _));
        Assert.Equal("OPTIONS,GET,PUT", route.Allow);
    }

    [Fact]
    public void Any_path_is_found_as_a_look_at_all_routes_finds_it()
    {
        var random = new Random(11);
        string[] parts = ["v1", "kv", "special", "deep", "txn", "health", "service", "", "x"];
        for (int i = 0; i < 20_000; i++)
        {
            string path = "/" + string.Join('/', Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
            string? expected = _paths.Contains(path)
                ? path
                : _paths.Where(p => p.EndsWith('/') && path.StartsWith(p, StringComparison.Ordinal)).MaxBy(p => p.Length);
            Assert.Equal(expected, _router.Find(path, out string argument)?.Path);
            Assert.Equal(expected is null || expected == path ? string.Empty : path[expected.Length..], argument);
        }
    }

    private static ValueTask<ApiResponse> Nothing(ApiRequest request, CancellationToken cancellationToken) => new(ApiResponse.Empty());
}
