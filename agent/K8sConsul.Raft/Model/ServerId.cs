namespace K8sConsul.Raft;

/// <summary>
/// A peer's name for life (Consul: the node's UUID), independent of its address. <see cref="None"/> stands for
/// "no vote given" and "no leader known". Order is ordinal, so that it is the same in every process.
/// </summary>
public readonly record struct ServerId(string? Value) : IComparable<ServerId>
{
    public static ServerId None => default;

    public bool IsNone => string.IsNullOrEmpty(Value);

    public bool Equals(ServerId other) => string.Equals(Value ?? "", other.Value ?? "", StringComparison.Ordinal);

    public override int GetHashCode() => string.GetHashCode(Value ?? "", StringComparison.Ordinal);

    public int CompareTo(ServerId other) => string.CompareOrdinal(Value ?? "", other.Value ?? "");

    public override string ToString() => IsNone ? "none" : Value!;

    public static bool operator <(ServerId left, ServerId right) => left.CompareTo(right) < 0;

    public static bool operator >(ServerId left, ServerId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ServerId left, ServerId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ServerId left, ServerId right) => left.CompareTo(right) >= 0;
}
