namespace K8sConsul.Histories;

/// <summary>
/// One key as Consul keeps it. Its ModifyIndex is a number that nobody knows until a read or a successful comparison tells: until then
/// the state holds what it is at least, and what it is not.
/// </summary>
internal readonly record struct KeyState
{
    public static KeyState Absent { get; } = new() { Value = string.Empty };

    public bool Exists { get; private init; }

    public string Value { get; private init; }

    public string? Session { get; private init; }

    public ulong LockIndex { get; private init; }

    /// <summary>A session that held it has ended and left a delay behind.</summary>
    public bool IsDelayed { get; private init; }

    /// <summary>Of the last change; 0 until it is known.</summary>
    public ulong Index { get; private init; }

    /// <summary>The least that <see cref="Index"/> can be: changes have indexes of their own, and these grow.</summary>
    public ulong LeastIndex { get; private init; }

    /// <summary>What comparisons that failed have shown the unknown index not to be.</summary>
    public Exclusion? Excluded { get; private init; }

    /// <summary>The same in all but <see cref="LeastIndex"/>, where a lower one can do all that a higher one can.</summary>
    public KeyState WithoutLeastIndex() => this with { LeastIndex = 0 };

    /// <returns>Null if the operation cannot have been answered so here.</returns>
    public KeyState? After(Operation operation) => operation.Kind switch
    {
        OperationKind.Read => AfterRead(operation),
        OperationKind.Write => Changed(operation, Put(operation)),
        OperationKind.CompareAndSet => AfterCompareAndSet(operation),
        OperationKind.Delete => operation.Succeeded is false ? null : Deleted(),
        OperationKind.DeleteIfUnchanged => AfterDeleteIfUnchanged(operation),
        OperationKind.Acquire => AfterAcquire(operation),
        OperationKind.Release => AfterRelease(operation),
        OperationKind.DestroySession => AfterDestroySession(operation),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "unknown kind"),
    };

    private KeyState? AfterRead(Operation read)
    {
        if (!read.Exists)
        {
            return Exists ? null : this;
        }

        bool isSeen = Exists && Value == (read.ReadValue ?? string.Empty) && (Session ?? string.Empty) == (read.ReadSession ?? string.Empty)
            && LockIndex == read.LockIndex;
        return !isSeen ? null : read.ModifyIndex == 0 ? this : Known(read.ModifyIndex);
    }

    private KeyState? AfterCompareAndSet(Operation operation)
    {
        if (operation.ExpectedIndex == 0)
        {
            return Exists ? Refused(operation) : Changed(operation, Put(operation));
        }

        if (!Exists)
        {
            return Refused(operation);
        }

        return operation.Succeeded is false
            ? Not(operation.ExpectedIndex)
            : Known(operation.ExpectedIndex) is { } matched ? matched.Changed(operation, matched.Put(operation)) : null;
    }

    private KeyState? AfterDeleteIfUnchanged(Operation operation)
    {
        if (!Exists)
        {
            return operation.Succeeded is false ? null : this;
        }

        return operation.Succeeded is false ? Not(operation.ExpectedIndex) : Known(operation.ExpectedIndex)?.Deleted();
    }

    private KeyState? AfterAcquire(Operation operation)
    {
        bool isHeldByAnother = Session is { } holder && holder != operation.Session;
        if (operation.Succeeded is false)
        {
            return isHeldByAnother || IsDelayed ? this : null;
        }

        ulong lockIndex = Session is null ? LockIndex + 1 : LockIndex;
        return isHeldByAnother ? null : Changed(operation, Entry(operation.Value, operation.Session, lockIndex));
    }

    private KeyState? AfterRelease(Operation operation)
    {
        bool isHeld = Session is { } holder && holder == operation.Session;
        return isHeld ? Changed(operation, Entry(operation.Value, session: null, LockIndex)) : Refused(operation);
    }

    private KeyState? AfterDestroySession(Operation operation)
    {
        if (Session is null || Session != operation.Session)
        {
            return this;
        }

        KeyState after = operation.DeletesHeldKeys ? Deleted() : Advanced(Entry(Value, session: null, LockIndex));
        return after with { IsDelayed = operation.DelaysLocks };
    }

    /// <summary>A put leaves the holder alone, but not the lock's count.</summary>
    private KeyState Put(Operation operation) => Entry(operation.Value, Session, lockIndex: 0);

    private KeyState Entry(string? value, string? session, ulong lockIndex) => this with
    {
        Exists = true,
        Value = value ?? string.Empty,
        Session = session,
        LockIndex = lockIndex,
        IsDelayed = session is null && IsDelayed,
    };

    private KeyState? Refused(Operation operation) => operation.Succeeded is false ? this : null;

    /// <summary>What is written as it already is keeps its index.</summary>
    private KeyState? Changed(Operation operation, KeyState entry)
    {
        if (operation.Succeeded is false)
        {
            return null;
        }

        KeyState after = entry == this ? this : Advanced(entry);
        return operation.ModifyIndex == 0 ? after : after.Known(operation.ModifyIndex);
    }

    private KeyState Deleted() => Exists ? Advanced(Absent with { IsDelayed = IsDelayed }) : this;

    private KeyState Advanced(KeyState entry) => entry with { Index = 0, LeastIndex = NextIndex(), Excluded = null };

    private ulong NextIndex()
    {
        ulong least = LeastIndex;
        while (Excluded?.Contains(least) == true)
        {
            least++;
        }

        return least + 1;
    }

    /// <returns>Null if the index is known to be another.</returns>
    private KeyState? Known(ulong index)
    {
        if (Index != 0)
        {
            return Index == index ? this : null;
        }

        return index < LeastIndex || Excluded?.Contains(index) == true ? null : this with { Index = index, LeastIndex = index, Excluded = null };
    }

    private KeyState? Not(ulong index)
    {
        if (Index != 0)
        {
            return Index == index ? null : this;
        }

        return index < LeastIndex ? this : this with { Excluded = Exclusion.With(Excluded, index) };
    }
}
