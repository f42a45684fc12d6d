using System.Text.RegularExpressions;
using K8sConsul.Cli.GoFlags;
using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands;

internal sealed class MembersCommand : ClientCommand
{
    private const string AnyStatus = ".*";

    private readonly Flag<bool> _detailed;
    private readonly Flag<string> _segment;
    private readonly Flag<string> _status;
    private readonly Flag<bool> _wan;

    public MembersCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Client)
    {
        _detailed = Flags.Bool("detailed", "Show all that members say about themselves.");
        _segment = Flags.String("segment", "Only members of this network segment (Consul Enterprise).", AgentApi.AllSegments);
        _status = Flags.String("status", "Only members whose status matches this regular expression.", AnyStatus);
        _wan = Flags.Bool("wan", "The servers of all datacenters. Only servers know them.");
    }

    protected override string UsageText => """
        Usage: consul members [options]

          Lists the members of the cluster as the agent knows them.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        // The default matches everything, and need not load the regular expressions.
        Regex? wanted = null;
        if (_status.Value != AnyStatus && !GoRegex.TryCompile(_status.Value, out wanted, out string? error))
        {
            return Fail($"Failed to compile status regexp: {error}");
        }

        using ConsulClient? client = TryConnect();
        if (client is null
            || !TrySend(client, AgentApi.Members(_segment.Value, _wan.Value), "Error retrieving members", out List<AgentMember>? members))
        {
            return ExitCode.Failure;
        }

        List<MemberRow> rows = [];
        foreach (AgentMember member in members ?? [])
        {
            var row = new MemberRow(member, allSegments: _segment.Value == AgentApi.AllSegments);
            if (wanted?.IsMatch(row.Status) != false)
            {
                rows.Add(row);
            }
        }

        if (rows.Count == 0)
        {
            return ExitCode.NothingFound;
        }

        rows.Sort(MemberRow.Compare);
        Terminal.Print(Columns.Format(_detailed.Value ? MemberRow.DetailedTable(rows) : MemberRow.Table(rows)));
        return ExitCode.Success;
    }
}
