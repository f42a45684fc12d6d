using System.Diagnostics;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>Blocking queries for one dependency.</summary>
internal sealed class ConsulFetcher(PatientClient client, Dependency dependency, TimeSpan wait) : IDependencyFetcher
{
    private string _ownNode = string.Empty;

    public async ValueTask<FetchAnswer> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(OptionsOf(request), cancellationToken).ConfigureAwait(false);
        }
        catch (ConsulException failure)
        {
            throw new DependencyFailedException(failure.Message, failure);
        }
    }

    private async ValueTask<FetchAnswer> AskAsync(QueryOptions options, CancellationToken cancellationToken)
    {
        switch (dependency.Kind)
        {
            case DependencyKind.KvGet or DependencyKind.KvBlock:
                return await AskAsync(KvApi.Get(dependency.Name, options), KeyOf, cancellationToken).ConfigureAwait(false);
            case DependencyKind.KvList:
                return await AskAsync(
                    KvApi.List(dependency.Name, options), pairs => WireToData.Keys(pairs, dependency.Name), cancellationToken).ConfigureAwait(false);
            case DependencyKind.HealthService:
                return await AskAsync(
                    HealthApi.Service(dependency.Name, dependency.IsPassingOnly, Tag, options), HealthOf, cancellationToken).ConfigureAwait(false);
            case DependencyKind.HealthConnect:
                return await AskAsync(
                    HealthApi.Connect(dependency.Name, dependency.IsPassingOnly, Tag, options), HealthOf, cancellationToken).ConfigureAwait(false);
            case DependencyKind.CatalogServices:
                return await AskAsync(CatalogApi.Services(options), WireToData.Services, cancellationToken).ConfigureAwait(false);
            case DependencyKind.CatalogNodes:
                return await AskAsync(
                    CatalogApi.Nodes(options), nodes => WireToData.Nodes(nodes, keepOrder: dependency.Near.Length > 0), cancellationToken).ConfigureAwait(false);
            case DependencyKind.CatalogNode:
                string name = await NodeNameAsync(cancellationToken).ConfigureAwait(false);
                return await AskAsync(CatalogApi.Node(name, options), WireToData.Node, cancellationToken).ConfigureAwait(false);
            case DependencyKind.CaRoots:
                return await AskAsync(ConnectApi.Roots(options), WireToData.Roots, cancellationToken).ConfigureAwait(false);
            case DependencyKind.CaLeaf:
                return await AskAsync(ConnectApi.Leaf(dependency.Name, options), WireToData.Leaf, cancellationToken).ConfigureAwait(false);
            default:
                throw new UnreachableException();
        }
    }

    private string? Tag => dependency.Tag.Length > 0 ? dependency.Tag : null;

    private async ValueTask<FetchAnswer> AskAsync<T>(
        ConsulRequest<T> request, Func<T, DependencyData?> read, CancellationToken cancellationToken)
    {
        ConsulReply<T> reply = await client.SendAsync(request, wait, cancellationToken).ConfigureAwait(false);
        return new FetchAnswer(read(reply.Value), reply.Meta.LastIndex, reply.Meta.LastContact);
    }

    /// <summary>An absent key is no data where it is waited for.</summary>
    private KeyData? KeyOf(KvPair? pair)
    {
        return pair is null && dependency.Kind == DependencyKind.KvBlock ? null : WireToData.Key(pair);
    }

    private HealthData HealthOf(List<ServiceEntry> entries)
    {
        return WireToData.Health(entries, dependency);
    }

    private async ValueTask<string> NodeNameAsync(CancellationToken cancellationToken)
    {
        if (dependency.Name.Length > 0)
        {
            return dependency.Name;
        }

        if (_ownNode.Length == 0)
        {
            _ownNode = (await client.SendAsync(AgentApi.Self(), cancellationToken).ConfigureAwait(false)).Value.Config.NodeName;
        }

        return _ownNode;
    }

    private QueryOptions OptionsOf(FetchRequest request)
    {
        ConsulScope scope = dependency.Scope;
        return new QueryOptions
        {
            Datacenter = dependency.Datacenter,
            Namespace = scope.Namespace,
            Partition = scope.Partition,
            Peer = scope.Peer,
            SamenessGroup = scope.SamenessGroup,
            Near = dependency.Near,
            AllowStale = request.AllowStale,
            WaitIndex = request.Index,
            WaitTime = wait,
        };
    }
}
