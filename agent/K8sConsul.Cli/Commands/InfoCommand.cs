using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands;

internal sealed class InfoCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Client)
{
    protected override string UsageText => """
        Usage: consul info [options]

          Shows the agent's inner figures, for operators.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, AgentApi.Self(), "Error querying agent", out AgentSelf self))
        {
            return ExitCode.Failure;
        }

        if (self.Stats is null)
        {
            return Fail("Agent response did not contain 'Stats' key");
        }

        foreach ((string group, Dictionary<string, string> figures) in self.Stats.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Terminal.Print($"{group}:");
            foreach ((string name, string value) in figures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Terminal.Print($"\t{name} = {value}");
            }
        }

        return ExitCode.Success;
    }
}
