using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace K8sConsul.Raft;

/// <summary>
/// The members, ordered by id so that equal configurations have equal bytes on every peer (independent bootstraps rely
/// on that). Immutable; <see cref="TryApply"/> makes the next one.
/// </summary>
public sealed partial class RaftConfiguration : IEquatable<RaftConfiguration>
{
    private readonly RaftServer[] _servers;

    public static RaftConfiguration Empty { get; } = new([]);

    /// <summary>Orders and checks the servers.</summary>
    /// <exception cref="ArgumentException">There are too many, or an id or address is empty, too long or there twice.</exception>
    public RaftConfiguration(IEnumerable<RaftServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        _servers = [.. servers.OrderBy(server => server.Id)];
        VoterCount = _servers.Count(server => server.IsVoter);
        if (Validate(_servers) is { } problem)
        {
            throw new ArgumentException(problem, nameof(servers));
        }
    }

    public IReadOnlyList<RaftServer> Servers => _servers;

    public int VoterCount { get; }

    /// <summary>Votes that decide: more than half of the voters.</summary>
    public int QuorumSize => (VoterCount / 2) + 1;

    public bool IsEmpty => _servers.Length == 0;

    public RaftServer? Find(ServerId id)
    {
        foreach (RaftServer server in _servers)
        {
            if (server.Id == id)
            {
                return server;
            }
        }

        return null;
    }

    public bool IsVoter(ServerId id) => Find(id) is { IsVoter: true };

    /// <summary>The configuration after <paramref name="change"/>, or why there is none.</summary>
    public bool TryApply(ConfigurationChange change, out RaftConfiguration next, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(change);
        next = this;
        List<RaftServer> servers = [.. _servers];
        int at = servers.FindIndex(server => server.Id == change.Server);
        switch (change.Kind)
        {
            case ConfigurationChangeKind.AddVoter:
                Put(servers, at, new RaftServer(change.Server, change.Address ?? "", Suffrage.Voter));
                break;
            case ConfigurationChangeKind.AddNonvoter:
                // A voter stays one: this kind brings an address, never a loss of the vote (that is Demote).
                Put(servers, at, new RaftServer(change.Server, change.Address ?? "", at >= 0 ? servers[at].Suffrage : Suffrage.Nonvoter));
                break;
            case ConfigurationChangeKind.Promote when at >= 0:
                servers[at] = servers[at] with { Suffrage = Suffrage.Voter };
                break;
            case ConfigurationChangeKind.Demote when at >= 0:
                servers[at] = servers[at] with { Suffrage = Suffrage.Nonvoter };
                break;
            case ConfigurationChangeKind.Remove when at >= 0:
                servers.RemoveAt(at);
                break;
            default:
                problem = $"server {change.Server} is not in the configuration";
                return false;
        }

        problem = Validate(servers);
        if (problem is null && !servers.Exists(server => server.IsVoter))
        {
            problem = "the configuration would have no voter";
        }

        if (problem is null)
        {
            next = new RaftConfiguration(servers);
        }

        return problem is null;
    }

    private static void Put(List<RaftServer> servers, int at, RaftServer server)
    {
        if (at >= 0)
        {
            servers[at] = server;
        }
        else
        {
            servers.Add(server);
        }
    }

    internal static string? Validate(IReadOnlyList<RaftServer> servers)
    {
        if (servers.Count > RaftLimits.ServersMax)
        {
            return $"{servers.Count} servers are more than {RaftLimits.ServersMax}";
        }

        for (int i = 0; i < servers.Count; i++)
        {
            RaftServer server = servers[i];
            if (server.Id.IsNone || Encoding.UTF8.GetByteCount(server.Id.Value!) > RaftLimits.ServerIdBytesMax)
            {
                return $"server id '{server.Id}' is empty or longer than {RaftLimits.ServerIdBytesMax} bytes";
            }

            if (string.IsNullOrEmpty(server.Address) || Encoding.UTF8.GetByteCount(server.Address) > RaftLimits.AddressBytesMax)
            {
                return $"address of server {server.Id} is empty or longer than {RaftLimits.AddressBytesMax} bytes";
            }

            for (int j = 0; j < i; j++)
            {
                if (servers[j].Id == server.Id)
                {
                    return $"server id {server.Id} is there twice";
                }

                if (string.Equals(servers[j].Address, server.Address, StringComparison.Ordinal))
                {
                    return $"address {server.Address} belongs to {servers[j].Id} and {server.Id}";
                }
            }
        }

        return null;
    }

    public bool Equals(RaftConfiguration? other) => other is not null && _servers.AsSpan().SequenceEqual(other._servers);

    public override bool Equals(object? obj) => Equals(obj as RaftConfiguration);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (RaftServer server in _servers)
        {
            hash.Add(server);
        }

        return hash.ToHashCode();
    }

    public override string ToString() =>
        $"[{string.Join(' ', _servers.Select(server => server.IsVoter ? server.Id.ToString() : $"({server.Id})"))}]";
}
