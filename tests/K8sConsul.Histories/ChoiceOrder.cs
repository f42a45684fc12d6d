namespace K8sConsul.Histories;

/// <summary>
/// Which of several operations to try first. It decides how soon an order is found, not whether: first what nobody saw, by the
/// time at which it must be placed, since what follows hides it; then what was seen, in the order of its indexes.
/// </summary>
internal sealed class ChoiceOrder
{
    private readonly KeyHistory _history;
    private readonly KeyState _state;
    private readonly Operation? _blocked;

    /// <param name="mostUrgent">Nothing that was called after its answer may come before it.</param>
    public ChoiceOrder(KeyHistory history, KeyState state, Operation mostUrgent)
    {
        _history = history;
        _state = state;
        _blocked = mostUrgent is { Kind: OperationKind.Read, Exists: false } && state.Exists ? mostUrgent : null;
    }

    public (int Class, long Within) Of(int operation, KeyState after)
    {
        ulong guess = _history.Guess[operation];
        bool isAhead = guess > 2 * _state.LeastIndex;
        if (_history.IsOptional[operation] && !isAhead)
        {
            return (3, operation);
        }

        if (_blocked is not null && after.After(_blocked) is not null)
        {
            return (0, _history.Returned[operation]);
        }

        return isAhead ? (2, (long)guess) : (1, _history.Returned[operation]);
    }
}
