using K8sConsul.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Logging;

/// <summary>The names under which the agent's parts log. Operators grep for them.</summary>
public static class LogNames
{
    public const string Agent = "agent";
    public const string AntiEntropy = "agent.anti_entropy";
    public const string Autopilot = "agent.server.autopilot";
    public const string Client = "agent.client";
    public const string Dns = "agent.dns";
    public const string Fsm = "agent.fsm";
    public const string Http = "agent.http";
    public const string Leader = "agent.leader";
    public const string Raft = "agent.server.raft";
    public const string Router = "agent.router";
    public const string Server = "agent.server";

    private const string Framework = "Microsoft.";

    internal static LogNaming Naming { get; } = new(Of, FloorOf);

    /// <summary>Serf's part of a gossip pool, <c>agent.server.serf.lan</c>.</summary>
    public static string Serf(bool isServer, string pool) => $"{(isServer ? Server : Client)}.serf.{pool}";

    /// <summary>Memberlist's part of a gossip pool, <c>agent.server.memberlist.lan</c>.</summary>
    public static string Memberlist(bool isServer, string pool) => $"{(isServer ? Server : Client)}.memberlist.{pool}";

    /// <summary>The web framework logs under names of its own types; to an operator it is the HTTP server.</summary>
    private static string Of(string category)
    {
        foreach ((string prefix, string name) in ByType)
        {
            if (category.StartsWith(prefix, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return category;
    }

    /// <summary>Loggers that are named after their type, the longest prefix first.</summary>
    private static readonly (string Prefix, string Name)[] ByType =
    [
        (Framework, Http),
        ("K8sConsul.Server.Consensus.", Raft),
        ("K8sConsul.Server.Leader.Autopilot", Autopilot),
        ("K8sConsul.Server.Rpc.", Server + ".rpc"),
        ("K8sConsul.Server.", Server),
        ("K8sConsul.Grpc.", Server + ".rpc"),
        ("K8sConsul.Agent.", Agent),
    ];

    /// <summary>The web framework's progress lines are for its developers.</summary>
    private static LogLevel FloorOf(string category)
    {
        return category.StartsWith(Framework, StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace;
    }
}
