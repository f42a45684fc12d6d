using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands.Operator;

internal sealed class RaftRemovePeerCommand : OperatorCommand
{
    private const string Failed = "Error removing peer";

    private readonly Flag<string> _address;
    private readonly Flag<string> _id;

    public RaftRemovePeerCommand(Terminal terminal)
        : base(terminal)
    {
        _address = Flags.String("address", "The peer's address in Raft's configuration.");
        _id = Flags.String("id", "The peer's ID in Raft's configuration.");
    }

    protected override string UsageText => """
        Usage: consul operator raft remove-peer [options]

          Takes a server out of Raft's configuration.

          A server that is gone may still count in the quorum. As long as "consul
          members" shows it, "consul force-leave" is the better tool; this one is
          for peers that nothing else knows any more.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        bool byAddress = _address.Value.Length > 0;
        bool byId = _id.Value.Length > 0;
        if (byAddress == byId)
        {
            return Fail(byId
                ? $"{Failed}: cannot give both an address and id"
                : $"{Failed}: an address or id is required for the peer to remove");
        }

        ConsulRequest<Nothing> request = byAddress
            ? OperatorApi.RemovePeerByAddress(_address.Value, Http.Query)
            : OperatorApi.RemovePeerById(_id.Value, Http.Query);
        if (!TrySend(client, request, Failed, out _))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(byAddress
            ? $"Removed peer with address \"{_address.Value}\""
            : $"Removed peer with id \"{_id.Value}\"");
        return ExitCode.Success;
    }
}
