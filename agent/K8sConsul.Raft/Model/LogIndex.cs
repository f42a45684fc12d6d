namespace K8sConsul.Raft;

/// <summary>Position of an entry in the log. The first entry has index 1; 0 means "before the log".</summary>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    public LogIndex Next => new(checked(Value + 1));

    /// <summary>The index before this one; only for an index above 0.</summary>
    public LogIndex Previous => new(checked(Value - 1));

    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;

    public static LogIndex Max(LogIndex left, LogIndex right) => left > right ? left : right;

    public static LogIndex operator +(LogIndex index, ulong count) => new(checked(index.Value + count));

    /// <summary>How many entries lie in (<paramref name="right"/>, <paramref name="left"/>].</summary>
    public static ulong operator -(LogIndex left, LogIndex right) => checked(left.Value - right.Value);

    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;
}
