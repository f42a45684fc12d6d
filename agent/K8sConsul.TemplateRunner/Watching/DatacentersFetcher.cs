using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Data;
using Wire = K8sConsul.Contracts.Model;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>The list of datacenters, which has no blocking query: asked again every 15 seconds.</summary>
internal sealed class DatacentersFetcher(PatientClient client, bool ignoreUnreachable, TimeProvider time) : IDependencyFetcher
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>What servers say of a datacenter none of whose servers they can reach.</summary>
    private const string NoPath = "No path to datacenter";

    public async ValueTask<FetchAnswer> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (request.Index > 0)
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            List<string> names = (await client.SendAsync(CatalogApi.Datacenters(), cancellationToken).ConfigureAwait(false)).Value;
            if (ignoreUnreachable)
            {
                names = await ReachableAsync(names, cancellationToken).ConfigureAwait(false);
            }

            return new FetchAnswer(WireToData.Datacenters(names), request.Index + 1, TimeSpan.Zero);
        }
        catch (ConsulException failure)
        {
            throw new DependencyFailedException(failure.Message, failure);
        }
    }

    private async ValueTask<List<string>> ReachableAsync(List<string> names, CancellationToken cancellationToken)
    {
        List<string> reachable = [];
        foreach (string name in names)
        {
            try
            {
                ConsulRequest<List<Wire.CatalogNode>> request = CatalogApi.Nodes(new QueryOptions { Datacenter = name, AllowStale = true });
                await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
                reachable.Add(name);
            }
            catch (ConsulException failure) when (failure.Body.Contains(NoPath, StringComparison.Ordinal))
            {
                // Left out until it can be reached again.
            }
        }

        return reachable;
    }
}
