using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Local;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>The cluster of an agent that is still being put together.</summary>
internal sealed class LateCluster(Func<IClusterApi> cluster) : IClusterApi
{
    public ValueTask<ApiResponse> InvokeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        cluster().InvokeAsync(request, cancellationToken);
}

/// <summary>The agent's tokens as the configuration has them now.</summary>
internal sealed class ConfiguredTokens(Func<AclConfig> acl) : ISyncTokens
{
    public string Agent => acl().AgentToken.Length > 0 ? acl().AgentToken : acl().DefaultToken;

    public string Default => acl().DefaultToken;

    public string ConfigFileRegistration => string.Empty;
}
