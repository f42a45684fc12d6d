using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>The first configuration of a cluster.</summary>
public sealed partial class RaftHost
{
    private (RaftConfiguration Configuration, TaskCompletionSource<bool> Done)? _bootstrap;

    /// <summary>
    /// Writes the first configuration of a cluster, unless this server has ever been part of one. Servers that do so with the
    /// same members independently of each other form one cluster.
    /// </summary>
    /// <returns>False when there is a log, a snapshot or a term already.</returns>
    /// <exception cref="ConsensusException">The loop has ended.</exception>
    public async Task<bool> BootstrapAsync(RaftConfiguration configuration)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await CallAsync(_ =>
        {
            _bootstrap?.Done.TrySetResult(false);
            _bootstrap = (configuration, done);
            return true;
        }).ConfigureAwait(false);
        return await done.Task.ConfigureAwait(false);
    }

    /// <summary>The core reads its log only when it is made, so a bootstrapped log gets a new one. Nothing can be under way in it.</summary>
    private async Task BootstrapAsync()
    {
        (RaftConfiguration configuration, TaskCompletionSource<bool> done) = _bootstrap!.Value;

        // A vote that is on its way to the disk makes a term: it must not be forgotten.
        bool isPristine = _node.LastEntry.Index.Value == 0 && _node.Term == default;
        bool written = isPristine && await _storage.BootstrapAsync(configuration).ConfigureAwait(false);
        if (written)
        {
            MakeNode(_storage.InitialState());
            ElectAtOnceWhenAlone();
        }

        _bootstrap = null;
        done.TrySetResult(written);
    }

    private void FailBootstrap()
    {
        _bootstrap?.Done.TrySetException(ConsensusException.Of(ConsensusFailure.Stopping));
        _bootstrap = null;
    }

    /// <summary>The only voter need not wait for anybody's heartbeat: logical time runs ahead until it is elected.</summary>
    private void ElectAtOnceWhenAlone()
    {
        if (_node.Configuration is not { VoterCount: 1 } || !_node.Configuration.IsVoter(_options.Self))
        {
            return;
        }

        for (int i = 0; i < 4 * _options.Raft.ElectionTimeoutTicks && _node.Role == RaftRole.Follower; i++)
        {
            _node.Tick();
        }
    }
}
