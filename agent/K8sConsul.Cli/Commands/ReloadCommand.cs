using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands;

internal sealed class ReloadCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Client)
{
    protected override string UsageText => """
        Usage: consul reload

          Makes the agent read its configuration again, as SIGHUP does.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, AgentApi.Reload(), "Error reloading", out _))
        {
            return ExitCode.Failure;
        }

        Terminal.Print("Configuration reload triggered");
        return ExitCode.Success;
    }
}
