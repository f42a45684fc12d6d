using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Membership whose changes are committed at once, or refused as the real one refuses them.</summary>
internal sealed class FakeMembership(params RaftServer[] servers) : IRaftMembership
{
    public RaftConfiguration Configuration { get; private set; } = new(servers);

    public List<ConfigurationChange> Changes { get; } = [];

    public Task ChangeAsync(ConfigurationChange change, CancellationToken cancellationToken)
    {
        if (!Configuration.TryApply(change, out RaftConfiguration next, out string? problem))
        {
            throw new ConsensusException(ConsensusFailure.Overloaded, problem);
        }

        Changes.Add(change);
        Configuration = next;
        return Task.CompletedTask;
    }
}
