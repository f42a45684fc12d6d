using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands;

internal sealed class ForceLeaveCommand : ClientCommand
{
    private readonly Flag<bool> _prune;

    public ForceLeaveCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Client)
    {
        _prune = Flags.Bool("prune", "Also take the member off the list of members");
    }

    protected override string UsageText => """
        Usage: consul force-leave [options] name

          Puts a member that is gone for good into the "left" state, so that the
          others stop trying to reach it. One that still runs will join again.

          -prune    Also take the member off the list of members

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 1)
        {
            Terminal.Error("A single node name must be specified to force leave.");
            Terminal.Error(string.Empty);
            return ShowHelp;
        }

        using ConsulClient? client = TryConnect();
        return client is not null
            && TrySend(client, AgentApi.ForceLeave(arguments[0], _prune.Value), "Error force leaving", out _)
                ? ExitCode.Success
                : ExitCode.Failure;
    }
}
