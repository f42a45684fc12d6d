using K8sConsul.Agent.Lifecycle;
using K8sConsul.Cli.Commands.Agent;
using K8sConsul.Cli.Commands;
using K8sConsul.Cli.Commands.Catalog;
using K8sConsul.Cli.Commands.Kv;
using K8sConsul.Cli.Commands.Operator;
using K8sConsul.Cli.Commands.Services;
using K8sConsul.Cli.Commands.Snapshots;
using K8sConsul.Cli.Commands.Template;

namespace K8sConsul.Cli;

/// <summary>Every command with its line in the listings.</summary>
/// <remarks>A new command gets a line in <see cref="Entries"/>, one in <see cref="HasSubcommand"/> and an arm of Create; a test compares the three.</remarks>
internal static class CommandTable
{
    /// <summary>In the byte order of their names.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Entries =>
    [
        new("agent", "Runs a Consul agent"),
        new("catalog", "Interact with the catalog"),
        new("catalog datacenters", "Lists all known datacenters"),
        new("catalog nodes", "Lists all nodes in the given datacenter"),
        new("catalog services", "Lists all registered services in a datacenter"),
        new("force-leave", "Forces a member of the cluster to enter the \"left\" state"),
        new("info", "Provides debugging information for operators."),
        new("join", "Tell Consul agent to join cluster"),
        new("keygen", "Generates a new encryption key"),
        new("kv", "Interact with the key-value store"),
        new("kv delete", "Removes data from the KV store"),
        new("kv export", "Exports a tree from the KV store as JSON"),
        new("kv get", "Retrieves or lists data from the KV store"),
        new("kv import", "Imports a tree stored as JSON to the KV store"),
        new("kv put", "Sets or updates data in the KV store"),
        new("leave", "Gracefully leaves the Consul cluster and shuts down"),
        new("maint", "Controls node or service maintenance mode"),
        new("members", "Lists the members of a Consul cluster"),
        new("monitor", "Stream logs from a Consul agent"),
        new("operator", "Provides cluster-level tools for Consul operators"),
        new("operator autopilot", "Provides tools for modifying Autopilot configuration"),
        new("operator autopilot get-config", "Display the current Autopilot configuration"),
        new("operator autopilot set-config", "Modify the current Autopilot configuration"),
        new("operator autopilot state", "Display the current Autopilot state"),
        new("operator raft", "Provides cluster-level tools for Consul operators"),
        new("operator raft list-peers", "Display the current Raft peer configuration"),
        new("operator raft remove-peer", "Remove a Consul server from the Raft configuration"),
        new("operator raft transfer-leader", "Transfer raft leadership to another node"),
        new("reload", "Triggers the agent to reload configuration files"),
        new("services", "Interact with services"),
        new("services deregister", "Deregister services with the local agent"),
        new("services register", "Register services with the local agent"),
        new("snapshot", "Saves, restores and inspects snapshots of Consul server state"),
        new("snapshot inspect", "Displays information about a Consul snapshot file"),
        new("snapshot restore", "Restores snapshot of Consul server state"),
        new("snapshot save", "Saves snapshot of Consul server state"),
        new("template", "Renders templates to files and keeps them up to date"),
        new("validate", "Validate config files/directories"),
        new("version", "Prints the Consul version"),
    ];

    /// <summary>Whether these two or more words are a command.</summary>
    public static bool HasSubcommand(string name)
    {
        return name is "catalog datacenters"
            or "catalog nodes"
            or "catalog services"
            or "kv delete"
            or "kv export"
            or "kv get"
            or "kv import"
            or "kv put"
            or "operator autopilot"
            or "operator autopilot get-config"
            or "operator autopilot set-config"
            or "operator autopilot state"
            or "operator raft"
            or "operator raft list-peers"
            or "operator raft remove-peer"
            or "operator raft transfer-leader"
            or "services deregister"
            or "services register"
            or "snapshot inspect"
            or "snapshot restore"
            or "snapshot save";
    }

    /// <summary>Null when there is no such command.</summary>
    /// <remarks>One method per first word, so that only the types of that word's commands are loaded: a start is measured in milliseconds.</remarks>
    public static Command? Create(string name, Terminal terminal)
    {
        int blank = name.IndexOf(' ', StringComparison.Ordinal);
        return (blank < 0 ? name : name[..blank]) switch
        {
            "agent" => CreateAgent(name, terminal),
            "catalog" => CreateCatalog(name, terminal),
            "kv" => CreateKv(name, terminal),
            "operator" => CreateOperator(name, terminal),
            "services" => CreateServices(name, terminal),
            "snapshot" => CreateSnapshot(name, terminal),
            "template" => CreateTemplate(name, terminal),
            "validate" => CreateValidate(name, terminal),
            _ => CreateSingle(name, terminal),
        };
    }

    private static Command? CreateSingle(string name, Terminal terminal)
    {
        return name switch
        {
            "force-leave" => new ForceLeaveCommand(terminal),
            "info" => new InfoCommand(terminal),
            "join" => new JoinCommand(terminal),
            "keygen" => new KeygenCommand(terminal),
            "leave" => new LeaveCommand(terminal),
            "maint" => new MaintCommand(terminal),
            "members" => new MembersCommand(terminal),
            "monitor" => new MonitorCommand(terminal),
            "reload" => new ReloadCommand(terminal),
            "version" => new VersionCommand(terminal),
            _ => null,
        };
    }

    /// <summary>Here begins what only a running agent needs: the web server and all the rest.</summary>
    private static AgentCommand? CreateAgent(string name, Terminal terminal)
    {
        return name is "agent" ? new AgentCommand(terminal, new ConsulAgentFactory()) : null;
    }

    /// <summary>Here begins the template language with all its functions.</summary>
    private static TemplateCommand? CreateTemplate(string name, Terminal terminal)
    {
        return name is "template" ? new TemplateCommand(terminal, "consul template") : null;
    }

    private static ValidateCommand? CreateValidate(string name, Terminal terminal)
    {
        return name is "validate" ? new ValidateCommand(terminal) : null;
    }

    private static Command? CreateKv(string name, Terminal terminal)
    {
        return name switch
        {
            "kv" => new CommandGroup(terminal, GroupTexts.Kv),
            "kv delete" => new KvDeleteCommand(terminal),
            "kv export" => new KvExportCommand(terminal),
            "kv get" => new KvGetCommand(terminal),
            "kv import" => new KvImportCommand(terminal),
            "kv put" => new KvPutCommand(terminal),
            _ => null,
        };
    }

    private static Command? CreateCatalog(string name, Terminal terminal)
    {
        return name switch
        {
            "catalog" => new CommandGroup(terminal, GroupTexts.Catalog),
            "catalog datacenters" => new CatalogDatacentersCommand(terminal),
            "catalog nodes" => new CatalogNodesCommand(terminal),
            "catalog services" => new CatalogServicesCommand(terminal),
            _ => null,
        };
    }

    private static Command? CreateServices(string name, Terminal terminal)
    {
        return name switch
        {
            "services" => new CommandGroup(terminal, GroupTexts.Services),
            "services deregister" => new ServicesDeregisterCommand(terminal),
            "services register" => new ServicesRegisterCommand(terminal),
            _ => null,
        };
    }

    private static Command? CreateOperator(string name, Terminal terminal)
    {
        return name switch
        {
            "operator" => new CommandGroup(terminal, GroupTexts.Operator),
            "operator autopilot" => new CommandGroup(terminal, GroupTexts.OperatorAutopilot),
            "operator autopilot get-config" => new AutopilotGetConfigCommand(terminal),
            "operator autopilot set-config" => new AutopilotSetConfigCommand(terminal),
            "operator autopilot state" => new AutopilotStateCommand(terminal),
            "operator raft" => new CommandGroup(terminal, GroupTexts.OperatorRaft),
            "operator raft list-peers" => new RaftListPeersCommand(terminal),
            "operator raft remove-peer" => new RaftRemovePeerCommand(terminal),
            "operator raft transfer-leader" => new RaftTransferLeaderCommand(terminal),
            _ => null,
        };
    }

    private static Command? CreateSnapshot(string name, Terminal terminal)
    {
        return name switch
        {
            "snapshot" => new CommandGroup(terminal, GroupTexts.Snapshot),
            "snapshot inspect" => new SnapshotInspectCommand(terminal),
            "snapshot restore" => new SnapshotRestoreCommand(terminal),
            "snapshot save" => new SnapshotSaveCommand(terminal),
            _ => null,
        };
    }
}
