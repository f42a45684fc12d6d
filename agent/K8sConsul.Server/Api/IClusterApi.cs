namespace K8sConsul.Server.Api;

/// <summary>Answers the calls that concern the cluster: on a server itself, on a client by asking one.</summary>
public interface IClusterApi
{
    ValueTask<ApiResponse> InvokeAsync(ApiRequest request, CancellationToken cancellationToken);
}
