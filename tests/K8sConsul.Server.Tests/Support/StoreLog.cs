using K8sConsul.Server.Consensus;
using K8sConsul.State;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Tests.Support;

/// <summary>A log of one server without disk or loop: what is proposed is applied at once, as it would be read back.</summary>
internal sealed class StoreLog : ICommandLog
{
    private readonly Lock _gate = new();
    private readonly List<StateCommand> _applied = [];
    private ulong _index = 1;

    public StateStore Store { get; } = new();

    /// <summary>Runs between the caller's look at the state and the log taking its command.</summary>
    public Action<StateCommand>? Before { get; set; }

    /// <summary>Says which commands the log does not take, and why.</summary>
    public Func<StateCommand, ConsensusFailure?>? Refuse { get; set; }

    /// <summary>Holds commands up until it completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Waiting => _waiting;

    private int _waiting;

    public IReadOnlyList<StateCommand> Applied
    {
        get
        {
            lock (_gate)
            {
                return [.. _applied];
            }
        }
    }

    public async ValueTask<ApplyOutcome> ApplyAsync(StateCommand command)
    {
        Before?.Invoke(command);
        if (Refuse?.Invoke(command) is { } failure)
        {
            throw ConsensusException.Of(failure);
        }

        Interlocked.Increment(ref _waiting);
        await Gate;
        Interlocked.Decrement(ref _waiting);
        return Apply(command);
    }

    /// <summary>A restore of another state, at the next index.</summary>
    public void Replace(StateSnapshot state)
    {
        lock (_gate)
        {
            Store.Replace(state, ++_index);
        }
    }

    public ApplyOutcome Apply(StateCommand command)
    {
        lock (_gate)
        {
            CommandResult result = Store.Apply(++_index, StateCommand.Decode(command.Encode()));
            Store.Publish();
            _applied.Add(command);
            return new ApplyOutcome(_index, result);
        }
    }
}
