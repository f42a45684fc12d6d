using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/agent/connect</c>: what a member of the mesh needs to know whom to trust and to show who it is.</summary>
public static class ConnectApi
{
    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    /// <summary>The authorities that are trusted now.</summary>
    public static ConsulRequest<ConnectRoots> Roots(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/agent/connect/ca/roots", Json.ConnectRoots).With(options);
    }

    /// <summary>The certificate of a service, with its private key: the answer must not be logged.</summary>
    public static ConsulRequest<ConnectLeaf> Leaf(string service, QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/agent/connect/ca/leaf/" + service, Json.ConnectLeaf).With(options);
    }
}
