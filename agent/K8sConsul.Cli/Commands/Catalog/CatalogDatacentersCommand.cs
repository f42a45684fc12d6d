using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands.Catalog;

internal sealed class CatalogDatacentersCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Server)
{
    protected override string UsageText => """
        Usage: consul catalog datacenters [options]

          Lists the datacenters that the agent's servers know, nearest first.

              $ consul catalog datacenters

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 0))
        {
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, CatalogApi.Datacenters(), "Error listing datacenters", out List<string> names))
        {
            return ExitCode.Failure;
        }

        foreach (string name in names)
        {
            Terminal.Print(name);
        }

        return ExitCode.Success;
    }
}
