using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/status</c>: needs no token.</summary>
public static class StatusApi
{
    /// <summary>The leader's Raft address; empty when there is none.</summary>
    public static ConsulRequest<string> Leader()
    {
        return ApiRequest.Get("/v1/status/leader", ConsulJsonContext.Default.String);
    }

    public static ConsulRequest<List<string>> Peers()
    {
        return ApiRequest.Get("/v1/status/peers", ConsulJsonContext.Default.ListString);
    }
}
