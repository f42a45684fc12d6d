using System.Runtime.InteropServices;
using K8sConsul.Go;

namespace K8sConsul.Gossip;

/// <summary>
/// Learns our coordinate from round-trip times to members whose coordinates are known (Vivaldi, with Serf's height, adjustment
/// and gravity).
/// </summary>
/// <remarks>Dabek et al., "Vivaldi: A Decentralized Network Coordinate System"; the constants are Serf's.</remarks>
internal sealed class CoordinateClient(SeededRandom random)
{
    private const double VivaldiCe = 0.25;
    private const double VivaldiCc = 0.25;
    private const int AdjustmentWindow = 20;
    private const int LatencyFilterCount = 3;
    private const double GravityRho = 150.0;
    private static readonly TimeSpan _rttMax = TimeSpan.FromSeconds(10);

    private static readonly Coordinate _origin = Coordinate.Initial;

    private readonly double[] _adjustmentSamples = new double[AdjustmentWindow];
    private readonly Dictionary<string, List<double>> _latencies = new(StringComparer.Ordinal);
    private int _adjustmentIndex;

    public Coordinate Current { get; private set; } = Coordinate.Initial;

    /// <summary>Times that our coordinate ran off to infinity and began anew.</summary>
    public int Resets { get; private set; }

    /// <summary>Takes one measurement into account.</summary>
    /// <param name="node">Who answered.</param>
    /// <param name="other">Its coordinate.</param>
    /// <param name="rtt">Measured round-trip time.</param>
    /// <param name="problem">Why the measurement was refused.</param>
    public bool TryUpdate(string node, Coordinate other, TimeSpan rtt, out string problem)
    {
        if (other.Vec.Length != Coordinate.DimensionCount)
        {
            problem = "dimensions aren't compatible";
            return false;
        }

        if (!CoordinateMath.IsFinite(other))
        {
            problem = "coordinate is invalid";
            return false;
        }

        if (rtt < TimeSpan.Zero || rtt > _rttMax)
        {
            problem = $"round trip time not in valid range, duration {GoDuration.Format(rtt)} is not a positive value less than {GoDuration.Format(_rttMax)} ";
            return false;
        }

        problem = string.Empty;
        double filtered = FilterLatency(node, rtt.TotalSeconds);
        UpdateVivaldi(other, filtered);
        UpdateAdjustment(other, filtered);
        UpdateGravity();
        if (!CoordinateMath.IsFinite(Current))
        {
            Resets++;
            Current = Coordinate.Initial;
        }

        return true;
    }

    /// <summary>Begins from a known place instead of the origin.</summary>
    public void Restore(Coordinate coordinate) => Current = coordinate;

    public void Forget(string node) => _latencies.Remove(node);

    /// <summary>The median of the last few samples: one slow answer says nothing about the path.</summary>
    private double FilterLatency(string node, double seconds)
    {
        ref List<double>? samples = ref CollectionsMarshal.GetValueRefOrAddDefault(_latencies, node, out _);
        samples ??= new List<double>(LatencyFilterCount + 1);
        samples.Add(seconds);
        if (samples.Count > LatencyFilterCount)
        {
            samples.RemoveAt(0);
        }

        double[] sorted = [.. samples];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private void UpdateVivaldi(Coordinate other, double rttSeconds)
    {
        double distance = Current.DistanceSeconds(other);
        rttSeconds = Math.Max(rttSeconds, CoordinateMath.ZeroThreshold);
        double wrongness = Math.Abs(distance - rttSeconds) / rttSeconds;
        double totalError = Math.Max(Current.Error + other.Error, CoordinateMath.ZeroThreshold);
        double weight = Current.Error / totalError;
        double error = (VivaldiCe * weight * wrongness) + (Current.Error * (1.0 - (VivaldiCe * weight)));
        Current = Current with { Error = Math.Min(error, Coordinate.ErrorMax) };
        double force = VivaldiCc * weight * (rttSeconds - distance);
        Current = CoordinateMath.ApplyForce(Current, force, other, random);
    }

    private void UpdateAdjustment(Coordinate other, double rttSeconds)
    {
        _adjustmentSamples[_adjustmentIndex] = rttSeconds - CoordinateMath.RawDistance(Current, other);
        _adjustmentIndex = (_adjustmentIndex + 1) % AdjustmentWindow;
        double sum = 0;
        foreach (double sample in _adjustmentSamples)
        {
            sum += sample;
        }

        Current = Current with { Adjustment = sum / (2.0 * AdjustmentWindow) };
    }

    /// <summary>A weak pull towards the origin, so that the cloud of all members does not drift away.</summary>
    private void UpdateGravity()
    {
        double distance = _origin.DistanceSeconds(Current);
        double force = -1.0 * Math.Pow(distance / GravityRho, 2.0);
        Current = CoordinateMath.ApplyForce(Current, force, _origin, random);
    }
}
