using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Operator;

internal sealed class RaftListPeersCommand(Terminal terminal) : OperatorCommand(terminal)
{
    protected override string UsageText => """
        Usage: consul operator raft list-peers [options]

          Lists the peers of Raft's current configuration.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        const string Failed = "Error getting peers: Failed to retrieve raft configuration";
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, OperatorApi.RaftConfiguration(Http.Query), Failed, out RaftConfiguration configuration))
        {
            return ExitCode.Failure;
        }

        List<string[]> table = [["Node", "ID", "Address", "State", "Voter", "RaftProtocol"]];
        foreach (RaftServer server in configuration.Servers)
        {
            string protocol = server.ProtocolVersion.Length == 0 ? "<=1" : server.ProtocolVersion;
            table.Add([server.Node, server.ID, server.Address, server.Leader ? "leader" : "follower", Text(server.Voter), protocol]);
        }

        Terminal.Print(Columns.Format(table));
        return ExitCode.Success;
    }
}
