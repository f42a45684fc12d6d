namespace K8sConsul.Server.Endpoints;

/// <summary>A server of the own datacenter as gossip knows it.</summary>
/// <param name="Id">Node ID, which is also its name in the Raft configuration.</param>
/// <param name="RpcAddress">host:port of the server RPC port.</param>
public sealed record ServerInfo(string Id, string Name, string RpcAddress, bool IsAlive);

/// <summary>Finds servers by what gossip says about them.</summary>
public interface IServerDirectory
{
    ServerInfo? FindById(string id);
}
