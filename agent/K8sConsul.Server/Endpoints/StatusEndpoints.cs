using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/status/…</c>: from the answering server's own view, whether or not there is a leader.</summary>
public sealed class StatusEndpoints(RaftHost raft, IServerDirectory directory)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/status/leader", ("GET", ApiScope.Server, LeaderAsync));
        yield return new ApiRoute("/v1/status/peers", ("GET", ApiScope.Server, PeersAsync));
    }

    private ValueTask<ApiResponse> LeaderAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        ConsensusView view = raft.View;
        string address = view.Leader.IsNone ? string.Empty : Address(view, view.Leader);
        return ValueTask.FromResult(ApiResponse.Json(request, json => json.String(address)));
    }

    private ValueTask<ApiResponse> PeersAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        List<string> peers = [.. raft.View.Configuration.Servers.Select(server => server.Address)];
        return ValueTask.FromResult(ApiResponse.Json(request, json => RecordJson.WriteTexts(json, peers)));
    }

    /// <summary>Gossip knows a server's newest address; the configuration the one it was added with.</summary>
    private string Address(ConsensusView view, ServerId id) =>
        view.Configuration.Find(id)?.Address ?? directory.FindById(id.Value!)?.RpcAddress ?? string.Empty;
}
