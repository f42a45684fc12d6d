namespace K8sConsul.Histories;

/// <summary>
/// Looks for an order of one key's operations: a depth-first search on a stack of its own, so that long histories do not exhaust the
/// thread's.
/// </summary>
internal sealed class Search
{
    private readonly KeyHistory _history;
    private readonly Visited _visited;
    private readonly Unplaced _unplaced;
    private readonly long _configurations;
    private readonly Stack<Step> _steps = new();

    private Search(KeyHistory history, long configurations)
    {
        _history = history;
        _configurations = configurations;
        _visited = new Visited(history.Operations.Length);
        _unplaced = new Unplaced(history, _visited);
    }

    public static Verdict Run(IEnumerable<Operation> operations, long configurations) =>
        new Search(new KeyHistory(operations), configurations).Run();

    private Verdict Run()
    {
        Enter(KeyState.Absent, placed: -1);
        while (_steps.TryPeek(out Step? step))
        {
            if (_unplaced.Mandatory == 0)
            {
                return Verdict.Linearizable;
            }

            if (_visited.Count > _configurations)
            {
                return Verdict.Undecided;
            }

            if (step.Choices.TryDequeue(out (int Operation, KeyState After) choice, out _))
            {
                Enter(choice.After, choice.Operation);
            }
            else if (!step.HasTriedUnseen)
            {
                FindUnseen(step);
            }
            else
            {
                Leave(_steps.Pop());
            }
        }

        return Verdict.NotLinearizable;
    }

    private void Enter(KeyState state, int placed)
    {
        var step = new Step(state);
        if (placed >= 0)
        {
            Place(step, placed);
        }

        PlaceObservations(step, state);
        if (_unplaced.Mandatory > 0 && _visited.Add(_unplaced.PlacedMandatory, state, _unplaced.UsedOptional))
        {
            FindChoices(step);
        }
        else
        {
            step.HasTriedUnseen = true;
        }

        _steps.Push(step);
    }

    private void Leave(Step step)
    {
        for (int i = step.Placed.Count - 1; i >= 0; i--)
        {
            _unplaced.Return(step.Placed[i]);
        }
    }

    /// <summary>
    /// A read or a refusal that may come next and is answered as it was may as well come at once: it changes nothing, so whatever
    /// order has it later stays in order when it is moved here.
    /// </summary>
    private void PlaceObservations(Step step, KeyState state)
    {
        bool isMore = true;
        while (isMore)
        {
            isMore = false;
            foreach (int operation in _unplaced.Next())
            {
                if (IsObservation(_history.Operations[operation]) && state.After(_history.Operations[operation]) == state)
                {
                    Place(step, operation);
                    isMore = true;
                }
            }
        }
    }

    private static bool IsObservation(Operation operation) => operation.Kind == OperationKind.Read || operation.Succeeded is false;

    /// <summary>Nothing is acquired for a session that has ended, but a refusal may come at any time.</summary>
    private bool MayFollow(int operation) =>
        _history.Operations[operation].Succeeded is false || !Array.Exists(_history.Ends[operation], _unplaced.IsPlaced);

    private void FindChoices(Step step)
    {
        var found = new List<(int Operation, KeyState After)>();
        int mostUrgent = -1;
        foreach (int operation in _unplaced.Next())
        {
            if (mostUrgent < 0 || _history.Returned[operation] < _history.Returned[mostUrgent])
            {
                mostUrgent = operation;
            }

            if (CanFollow(operation, step.State) is { } after)
            {
                found.Add((operation, after));
            }
        }

        var order = new ChoiceOrder(_history, step.State, _history.Operations[mostUrgent]);
        foreach ((int Operation, KeyState After) choice in found)
        {
            step.Choices.Enqueue(choice, order.Of(choice.Operation, choice.After));
        }
    }

    /// <summary>Only where nothing else has led to an order.</summary>
    private void FindUnseen(Step step)
    {
        step.HasTriedUnseen = true;
        foreach (int operation in _unplaced.NextUnseen())
        {
            if (CanFollow(operation, step.State) is { } after)
            {
                step.Choices.Enqueue((operation, after), (0, operation));
            }
        }
    }

    private KeyState? CanFollow(int operation, KeyState state)
    {
        if (!MayFollow(operation) || state.After(_history.Operations[operation]) is not { } after || (_history.IsOptional[operation] && after == state))
        {
            return null;
        }

        _unplaced.Take(operation);
        bool isReplaced = state.Exists && (!after.Exists || after.Value != state.Value);
        bool isPossible = after.LeastIndex <= _unplaced.LeastObserved
            && !(isReplaced && _unplaced.IsLastChanceOf(_history.ValueNumber(state.Value)));
        _unplaced.Return(operation);
        return isPossible ? after : null;
    }

    private void Place(Step step, int operation)
    {
        _unplaced.Take(operation);
        step.Placed.Add(operation);
    }

    /// <summary>What was placed together, and what may come after it.</summary>
    private sealed class Step(KeyState state)
    {
        public KeyState State { get; } = state;

        public bool HasTriedUnseen { get; set; }

        public List<int> Placed { get; } = [];

        public PriorityQueue<(int Operation, KeyState After), (int Class, long Within)> Choices { get; } = new();
    }
}
