using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>Consul's API for almost everything, over one client; files from the disk.</summary>
internal sealed class DependencySource(ConsulClient client, TimeSpan blockQueryWait, TimeProvider time) : IDependencySource
{
    private readonly PatientClient _client = new(client, time);

    public IDependencyFetcher Open(Dependency dependency)
    {
        return dependency.Kind switch
        {
            DependencyKind.File => new FileFetcher(dependency.Name, time),
            DependencyKind.CatalogDatacenters => new DatacentersFetcher(_client, ignoreUnreachable: dependency.Filters.Count > 0, time),
            _ => new ConsulFetcher(_client, dependency, blockQueryWait),
        };
    }
}
