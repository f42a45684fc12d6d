using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands;

internal sealed class LeaveCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Client)
{
    protected override string UsageText => """
        Usage: consul leave [options]

          Makes the agent leave the cluster in good order, and end.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0)
        {
            // The help goes to the output, unlike that of every other refusal: Consul does so too.
            Terminal.Error($"Error found unexpected args: [{string.Join(' ', arguments)}]");
            Terminal.Print(Help);
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, AgentApi.Leave(), "Error leaving", out _))
        {
            return ExitCode.Failure;
        }

        Terminal.Print("Graceful leave complete");
        return ExitCode.Success;
    }
}
