using System.Globalization;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Api;

/// <summary><c>/v1/operator</c>.</summary>
public static class OperatorApi
{
    private const string AutopilotPath = "/v1/operator/autopilot/configuration";
    private const string KeyringPath = "/v1/operator/keyring";
    private const string PeerPath = "/v1/operator/raft/peer";

    private static ConsulJsonContext Json => ConsulJsonContext.Default;

    public static ConsulRequest<RaftConfiguration> RaftConfiguration(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/operator/raft/configuration", Json.RaftConfiguration).With(options);
    }

    public static ConsulRequest<Nothing> RemovePeerByAddress(string address, QueryOptions? options = null)
    {
        return new ConsulRequest<Nothing>("DELETE", PeerPath, ApiRequest.ReadNothing).With("address", address).With(options);
    }

    public static ConsulRequest<Nothing> RemovePeerById(string id, QueryOptions? options = null)
    {
        return new ConsulRequest<Nothing>("DELETE", PeerPath, ApiRequest.ReadNothing).With("id", id).With(options);
    }

    /// <summary>Consul 1.15 and later.</summary>
    /// <param name="id">To whom; empty leaves it to the leader.</param>
    public static ConsulRequest<LeaderTransfer> TransferLeader(string id, QueryOptions? options = null)
    {
        return new ConsulRequest<LeaderTransfer>("POST", "/v1/operator/raft/transfer-leader", answer => answer.RequireOk().ReadJson(Json.LeaderTransfer))
            .With("id", id.Length == 0 ? null : id).With(options);
    }

    public static ConsulRequest<AutopilotConfiguration> Autopilot(QueryOptions? options = null)
    {
        return ApiRequest.Get(AutopilotPath, Json.AutopilotConfiguration).With(options);
    }

    /// <summary>Replaces the whole; false when the configuration is no longer at <paramref name="checkIndex"/>.</summary>
    public static ConsulRequest<bool> SetAutopilot(AutopilotConfiguration configuration, ulong? checkIndex, QueryOptions? options = null)
    {
        return ApiRequest.Put(AutopilotPath, configuration, Json.AutopilotConfiguration, Json.Boolean)
            .With("cas", checkIndex?.ToString(CultureInfo.InvariantCulture)).With(options);
    }

    /// <summary>Unhealthy is an answer (429) and not an error.</summary>
    public static ConsulRequest<AutopilotHealth> Health(QueryOptions? options = null)
    {
        return new ConsulRequest<AutopilotHealth>("GET", "/v1/operator/autopilot/health", answer =>
            (answer.StatusCode == 429 ? answer : answer.RequireOk()).ReadJson(Json.AutopilotHealth)).With(options);
    }

    /// <summary>Consul 1.9 and later.</summary>
    public static ConsulRequest<AutopilotState> State(QueryOptions? options = null)
    {
        return ApiRequest.Get("/v1/operator/autopilot/state", Json.AutopilotState).With(options);
    }

    public static ConsulRequest<List<KeyringResponse>> Keyring(QueryOptions? options = null)
    {
        return ApiRequest.Get(KeyringPath, Json.ListKeyringResponse).With(options);
    }

    public static ConsulRequest<Nothing> InstallKey(string key)
    {
        return KeyringWrite("POST", key);
    }

    public static ConsulRequest<Nothing> UseKey(string key)
    {
        return KeyringWrite("PUT", key);
    }

    public static ConsulRequest<Nothing> RemoveKey(string key)
    {
        return KeyringWrite("DELETE", key);
    }

    private static ConsulRequest<Nothing> KeyringWrite(string method, string key)
    {
        return new ConsulRequest<Nothing>(method, KeyringPath, ApiRequest.ReadNothing)
        {
            Body = ApiRequest.ToJson(new KeyringRequest { Key = key }, Json.KeyringRequest),
        };
    }
}
