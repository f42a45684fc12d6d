using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>The arithmetic of Vivaldi coordinates, in the order of operations of Serf, so that results agree to the last bit.</summary>
internal static class CoordinateMath
{
    /// <summary>Below this two points are one, and no direction between them is defined.</summary>
    public const double ZeroThreshold = 1.0e-6;

    private const double NanosecondsPerSecond = 1.0e9;

    public static bool IsFinite(Coordinate c)
    {
        foreach (double component in c.Vec)
        {
            if (!double.IsFinite(component))
            {
                return false;
            }
        }

        return double.IsFinite(c.Error) && double.IsFinite(c.Adjustment) && double.IsFinite(c.Height);
    }

    /// <summary>Seconds, without the adjustments.</summary>
    public static double RawDistance(Coordinate a, Coordinate b) => Magnitude(Difference(a.Vec, b.Vec)) + a.Height + b.Height;

    public static long DistanceNanoseconds(Coordinate a, Coordinate b)
    {
        double distance = RawDistance(a, b);
        double adjusted = distance + a.Adjustment + b.Adjustment;
        if (adjusted > 0)
        {
            distance = adjusted;
        }

        return (long)(distance * NanosecondsPerSecond);
    }

    /// <summary>Moves <paramref name="c"/> by <paramref name="force"/> seconds away from <paramref name="other"/> (towards it when negative).</summary>
    public static Coordinate ApplyForce(Coordinate c, double force, Coordinate other, SeededRandom random)
    {
        double[] unit = UnitVector(c.Vec, other.Vec, random, out double magnitude);
        var vec = new double[c.Vec.Length];
        for (int i = 0; i < vec.Length; i++)
        {
            vec[i] = c.Vec[i] + (unit[i] * force);
        }

        double height = c.Height;
        if (magnitude > ZeroThreshold)
        {
            height = Math.Max(((height + other.Height) * force / magnitude) + height, Coordinate.HeightMin);
        }

        return c with { Vec = ImmutableArray.Create(vec), Height = height };
    }

    private static double[] UnitVector(ImmutableArray<double> from, ImmutableArray<double> to, SeededRandom random, out double magnitude)
    {
        double[] unit = Difference(from, to);
        magnitude = Magnitude(unit);
        if (magnitude > ZeroThreshold)
        {
            Scale(unit, 1.0 / magnitude);
            return unit;
        }

        // Two members at one point: any direction will do to part them.
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = random.NextDouble() - 0.5;
        }

        double drawn = Magnitude(unit);
        magnitude = 0;
        if (drawn > ZeroThreshold)
        {
            Scale(unit, 1.0 / drawn);
            return unit;
        }

        Array.Clear(unit);
        unit[0] = 1.0;
        return unit;
    }

    private static double[] Difference(ImmutableArray<double> a, ImmutableArray<double> b)
    {
        var difference = new double[a.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }

        return difference;
    }

    private static void Scale(double[] vector, double factor)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= factor;
        }
    }

    private static double Magnitude(double[] vector)
    {
        double sum = 0;
        foreach (double component in vector)
        {
            sum += component * component;
        }

        return Math.Sqrt(sum);
    }
}
