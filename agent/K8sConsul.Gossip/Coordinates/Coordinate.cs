using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>
/// A member's place in the network's round-trip-time space (Vivaldi). All lengths are seconds.
/// </summary>
/// <param name="Vec">Euclidean part, <see cref="DimensionCount"/> values.</param>
/// <param name="Error">Confidence, 0 (sure) to 1.5 (no idea).</param>
/// <param name="Adjustment">Offset learnt from recent samples; may be negative.</param>
/// <param name="Height">Cost of the member's own access link; above zero.</param>
public sealed record Coordinate(ImmutableArray<double> Vec, double Error, double Adjustment, double Height)
{
    public const int DimensionCount = 8;

    /// <summary>The largest error, with which every member begins.</summary>
    public const double ErrorMax = 1.5;

    public const double HeightMin = 10e-6;

    /// <summary>Where every member begins.</summary>
    public static readonly Coordinate Initial = new([0, 0, 0, 0, 0, 0, 0, 0], ErrorMax, Adjustment: 0, HeightMin);

    /// <summary>Estimated round-trip time between two members, truncated to whole nanoseconds as Go does.</summary>
    /// <returns>Seconds, a multiple of 1e-9.</returns>
    public double DistanceSeconds(Coordinate other) => CoordinateMath.DistanceNanoseconds(this, other) / 1e9;

    public bool Equals(Coordinate? other) =>
        other is not null
        && Error.Equals(other.Error)
        && Adjustment.Equals(other.Adjustment)
        && Height.Equals(other.Height)
        && Vec.AsSpan().SequenceEqual(other.Vec.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Error, Adjustment, Height, Vec.IsEmpty ? 0 : Vec[0]);
}
