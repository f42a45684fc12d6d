using System.Globalization;
using System.Text;
using System.Text.Json;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.Model;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>Another node's checks, for aliases of services there.</summary>
internal sealed class RemoteNodeHealthReader(Func<IClusterApi> cluster, Func<ApiSource> source) : IRemoteNodeHealth
{
    public async ValueTask<RemoteNodeHealth> ReadAsync(string node, string serviceId, string token, ulong minIndex, CancellationToken stop)
    {
        string index = minIndex.ToString(CultureInfo.InvariantCulture);
        using ApiResponse checks = await CallAsync(
            $"/v1/health/node/{node}", token, [new("stale", string.Empty), new("wait", "60s"), new("index", index)], stop).ConfigureAwait(false);
        List<HealthCheck> rows = JsonSerializer.Deserialize(checks.Body.Span, ConsulJsonContext.Default.ListHealthCheck) ?? [];
        bool exists = true;
        if (serviceId.Length > 0)
        {
            using ApiResponse services = await CallAsync($"/v1/catalog/node/{node}", token, [new("stale", string.Empty)], stop).ConfigureAwait(false);
            exists = JsonSerializer.Deserialize(services.Body.Span, ConsulJsonContext.Default.CatalogNodeServices)?.Services?.ContainsKey(serviceId) ?? false;
        }

        List<WatchedCheck> watched =
        [
            .. rows
                .Where(c => c.ServiceID.Length == 0 || string.Equals(c.ServiceID, serviceId, StringComparison.Ordinal))
                .Select(c => new WatchedCheck(c.Name, CheckStatusText.TryParse(c.Status, out CheckStatus status) ? status : CheckStatus.Critical, c.Output)),
        ];
        return new RemoteNodeHealth(IndexOf(checks), watched, exists);
    }

    private async ValueTask<ApiResponse> CallAsync(
        string path, string token, IEnumerable<KeyValuePair<string, string>> query, CancellationToken stop)
    {
        ApiResponse answer = await cluster().InvokeAsync(
            new ApiRequest { Method = "GET", Path = path, Query = ApiQuery.Of(query), Token = token, Source = source() }, stop).ConfigureAwait(false);
        if (answer.Status == 200)
        {
            return answer;
        }

        using (answer)
        {
            throw new RemoteHealthException(Encoding.UTF8.GetString(answer.Body.Span));
        }
    }

    private static ulong IndexOf(ApiResponse response)
    {
        foreach ((string name, string value) in response.Headers)
        {
            if (string.Equals(name, "X-Consul-Index", StringComparison.Ordinal))
            {
                return ulong.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return 1;
    }
}
