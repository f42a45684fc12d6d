namespace K8sConsul.Cli;

/// <summary>The helps of the names that only gather sub-commands.</summary>
internal static class GroupTexts
{
    public const string Kv = """
        Usage: consul kv <subcommand> [options] [args]

          Reads and writes the key-value store. A short tour:

          Write "5" to the key "redis/config/connections":

              $ consul kv put redis/config/connections 5

          Read it:

              $ consul kv get redis/config/connections

          Read it with everything that is known about it:

              $ consul kv get -detailed redis/config/connections

          Delete it:

              $ consul kv delete redis/config/connections

          Each subcommand has a help of its own.
        """;

    public const string Catalog = """
        Usage: consul catalog <subcommand> [options] [args]

          Looks into the catalog: everything the servers know about nodes and
          services. What a single agent knows is asked with other commands.

          The known datacenters:

              $ consul catalog datacenters

          The nodes of a datacenter:

              $ consul catalog nodes

          The services of a datacenter:

              $ consul catalog services

          Each subcommand has a help of its own.
        """;

    public const string Services = """
        Usage: consul services <subcommand> [options] [args]

          Registers and deregisters services with the agent that is asked. Use
          "consul catalog" to look at the services of all agents.

          Each subcommand has a help of its own.
        """;

    public const string Operator = """
        Usage: consul operator <subcommand> [options]

          Tools for the cluster itself, such as its Raft peers. Take care: used
          wrongly they cause an outage, or loss of data.

          With ACLs enabled a token with operator rights is needed. Any agent of
          the cluster can be asked; requests find their way to the leader.

          Each subcommand has a help of its own.
        """;

    public const string OperatorAutopilot = """
        Usage: consul operator autopilot <subcommand> [options]

          Looks at Autopilot, which gives new servers their vote and takes dead
          ones out of the cluster, and changes how it does so.
        """;

    public const string OperatorRaft = """
        Usage: consul operator raft <subcommand> [options]

        Looks at the Raft peers, and takes dead ones out when a quorum has to be
        won back.
        """;

    public const string Snapshot = """
        Usage: consul snapshot <subcommand> [options] [args]

          Saves, restores and inspects the state of the servers: key-value
          entries, catalog, prepared queries, sessions and ACLs, all as of one
          moment.

          With ACLs enabled a management token is needed.

          Save a snapshot:

              $ consul snapshot save backup.snap

          Restore it:

              $ consul snapshot restore backup.snap

          Look at it:

              $ consul snapshot inspect backup.snap

          Each subcommand has a help of its own.
        """;
}
