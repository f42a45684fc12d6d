using K8sConsul.Go;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/operator/raft/…</c></summary>
public sealed class OperatorEndpoints(RaftHost raft, IServerDirectory directory)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/operator/raft/configuration", ("GET", ApiScope.Leader, ConfigurationAsync));
        yield return new ApiRoute("/v1/operator/raft/peer", ("DELETE", ApiScope.Leader, RemovePeerAsync));
        yield return new ApiRoute("/v1/operator/raft/transfer-leader", ("POST", ApiScope.Leader, TransferAsync));
    }

    private ValueTask<ApiResponse> ConfigurationAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        ConsensusView view = raft.View;
        return ValueTask.FromResult(ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            json.Name("Servers"u8);
            json.BeginArray();
            foreach (RaftServer server in view.Configuration.Servers)
            {
                json.BeginObject();
                json.Name("ID"u8);
                json.String(server.Id.Value);
                json.Name("Node"u8);
                json.String(directory.FindById(server.Id.Value!)?.Name ?? "(unknown)");
                json.Name("Address"u8);
                json.String(server.Address);
                json.Name("Leader"u8);
                json.Bool(server.Id == view.Leader);
                json.Name("ProtocolVersion"u8);
                json.String("3");
                json.Name("Voter"u8);
                json.Bool(server.IsVoter);
                json.EndObject();
            }

            json.EndArray();
            json.Name("Index"u8);
            json.Number(0);
            json.EndObject();
        }));
    }

    private async ValueTask<ApiResponse> RemovePeerAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = request.Query["id"];
        string address = request.Query["address"];
        bool byId = request.Query.Has("id");
        bool byAddress = request.Query.Has("address");
        if (!byId && !byAddress)
        {
            throw ApiRefusedException.BadRequest(
                "Bad request: Must specify either ?id with the server's ID or ?address with IP:port of peer to remove");
        }

        if (byId && byAddress)
        {
            throw ApiRefusedException.BadRequest("Bad request: Must specify only one of ?id or ?address");
        }

        RaftServer server = raft.View.Configuration.Servers.FirstOrDefault(s => byId
                ? string.Equals(s.Id.Value, id, StringComparison.Ordinal)
                : string.Equals(s.Address, address, StringComparison.Ordinal))
            ?? throw ApiRefusedException.Failed(byId
                ? $"id {GoText.Quote(id)} was not found in the Raft configuration"
                : $"address {GoText.Quote(address)} was not found in the Raft configuration");
        await raft.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, server.Id), cancellationToken).ConfigureAwait(false);
        return ApiResponse.Empty();
    }

    private async ValueTask<ApiResponse> TransferAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = request.Query["id"];
        ServerId target = id.Length == 0 ? ServerId.None : new ServerId(id);
        if (!target.IsNone && raft.View.Configuration.Find(target) is null)
        {
            throw ApiRefusedException.Failed($"id {GoText.Quote(id)} was not found in the Raft configuration");
        }

        string? failure = await raft.TransferLeadershipAsync(target, cancellationToken).ConfigureAwait(false);
        return failure is null
            ? ApiResponse.Json(request, json =>
            {
                json.BeginObject();
                json.Name("Success"u8);
                json.Bool(value: true);
                json.EndObject();
            })
            : ApiResponse.Text(500, failure);
    }
}
