using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Operator;

/// <summary>Of Consul 1.15 and later.</summary>
internal sealed class RaftTransferLeaderCommand : OperatorCommand
{
    private const string Failed = "Error transfering leadership: Failed to transfer leadership";

    private readonly Flag<string> _id;

    public RaftTransferLeaderCommand(Terminal terminal)
        : base(terminal)
    {
        _id = Flags.String("id", "The ID of the server that is to lead. Without it the leader chooses.");
    }

    protected override string UsageText => """
        Usage: consul operator raft transfer-leader [options]

          Has the leader hand over to another server.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, OperatorApi.TransferLeader(_id.Value, Http.Query), Failed, out LeaderTransfer answer))
        {
            return ExitCode.Failure;
        }

        if (!answer.Success)
        {
            return Fail(Failed);
        }

        Terminal.Print("Success");
        return ExitCode.Success;
    }
}
