namespace K8sConsul.State.Records;

/// <summary>Where a node lies in the network, in seconds of round-trip time (Vivaldi).</summary>
public sealed record CoordinateRecord
{
    /// <summary>Dimensions of every coordinate that Serf computes.</summary>
    public const int Dimensions = 8;

    public required string Node { get; init; }

    public string Segment { get; init; } = string.Empty;

    public required double[] Vec { get; init; }

    public double Error { get; init; }

    public double Adjustment { get; init; }

    public double Height { get; init; }

    public bool IsSame(CoordinateRecord other) => Vec.AsSpan().SequenceEqual(other.Vec) && this with { Vec = other.Vec } == other;

    /// <summary>Estimated round-trip time between two coordinates.</summary>
    public TimeSpan DistanceTo(CoordinateRecord other)
    {
        double sum = 0;
        for (int i = 0; i < Vec.Length && i < other.Vec.Length; i++)
        {
            double difference = Vec[i] - other.Vec[i];
            sum += difference * difference;
        }

        double raw = Math.Sqrt(sum) + Height + other.Height;
        double adjusted = raw + Adjustment + other.Adjustment;
        return TimeSpan.FromSeconds(adjusted > 0 ? adjusted : raw);
    }
}
