using K8sConsul.State.Commands;

namespace K8sConsul.Server.Consensus;

/// <summary>Where endpoints put their writes.</summary>
public interface ICommandLog
{
    /// <summary>Returns when the command is committed and readers here see it.</summary>
    /// <exception cref="ConsensusException">See <see cref="ConsensusFailure"/>.</exception>
    ValueTask<ApplyOutcome> ApplyAsync(StateCommand command);
}
