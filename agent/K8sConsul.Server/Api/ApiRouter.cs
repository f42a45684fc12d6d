using System.Collections.Frozen;

namespace K8sConsul.Server.Api;

/// <summary>
/// Finds the route of a path: the exact one, else the longest registered prefix that ends in a slash, as Go's
/// <c>ServeMux</c> chooses.
/// </summary>
public sealed class ApiRouter
{
    private readonly FrozenDictionary<string, ApiRoute> _exact;
    private readonly FrozenDictionary<string, ApiRoute>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly FrozenSet<string> _folders;

    public ApiRouter(IEnumerable<ApiRoute> routes)
    {
        _exact = routes.ToFrozenDictionary(route => route.Path, StringComparer.Ordinal);
        _lookup = _exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _folders = _exact.Keys
            .Where(path => path.EndsWith('/'))
            .Select(path => path[..^1])
            .Where(path => !_exact.ContainsKey(path))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    public IEnumerable<ApiRoute> Routes => _exact.Values;

    /// <summary>Only with a slash behind it is this path an endpoint: Go's <c>ServeMux</c> sends the client there.</summary>
    public bool IsFolder(string path) => _folders.Contains(path);

    public ApiRoute? Find(string path, out string argument)
    {
        argument = string.Empty;
        if (_exact.TryGetValue(path, out ApiRoute? route))
        {
            return route;
        }

        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_lookup.TryGetValue(path.AsSpan(0, slash + 1), out route))
            {
                argument = path[(slash + 1)..];
                return route;
            }
        }

        return null;
    }
}
