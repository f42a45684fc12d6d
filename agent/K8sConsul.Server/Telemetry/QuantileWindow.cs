namespace K8sConsul.Server.Telemetry;

/// <summary>
/// Quantiles of the last ten seconds. Values fall into bins of a sixteenth of a power of two, so that a quantile is off by at
/// most 6 %; each bin remembers a value that was in it, so that few observations are told exactly.
/// </summary>
/// <remarks>The window moves in steps of two seconds, as that of Prometheus' Go client with its defaults.</remarks>
internal sealed class QuantileWindow
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    /// <summary>Steps in the window.</summary>
    public const int StepCount = 5;

    private const int BinsPerOctaveBits = 4;
    private const int OctaveCount = 64;
    private const int BinCount = OctaveCount << BinsPerOctaveBits;

    /// <summary>The bins begin at 2^-20: a nanosecond in milliseconds.</summary>
    private const int FirstBin = (127 - 20) << BinsPerOctaveBits;

    private const int MantissaBits = 23;

    // Made by the first observation: most endpoints and methods never see one.
    private Bins? _bins;
    private readonly Queue<Bin[]> _past = new(StepCount);
    private int _isTouched;

    private readonly record struct Bin(int Count, float Value);

    private sealed class Bins
    {
        public int[] Counts { get; } = new int[BinCount];

        public float[] Values { get; } = new float[BinCount];
    }

    /// <summary>May be called by many threads at once.</summary>
    public void Add(float value)
    {
        int index = value > 0
            ? Math.Clamp((BitConverter.SingleToInt32Bits(value) >> (MantissaBits - BinsPerOctaveBits)) - FirstBin, 0, BinCount - 1)
            : 0;
        Bins bins = Volatile.Read(ref _bins) ?? Make();
        bins.Values[index] = value;
        Interlocked.Increment(ref bins.Counts[index]);
        Volatile.Write(ref _isTouched, 1);
    }

    /// <summary>Two seconds have passed: the oldest ones are forgotten.</summary>
    public void Advance()
    {
        while (_past.Count >= StepCount - 1)
        {
            _past.Dequeue();
        }

        _past.Enqueue(Interlocked.Exchange(ref _isTouched, 0) == 0 ? [] : Collect(reset: true));
    }

    /// <summary>The smallest value that is not below the given part of all values; NaN when there are none.</summary>
    public double[] Quantiles(ReadOnlySpan<double> ranks)
    {
        List<Bin> bins = [.. _past.SelectMany(step => step), .. Collect(reset: false)];
        bins.Sort(static (a, b) => a.Value.CompareTo(b.Value));
        long total = bins.Sum(bin => (long)bin.Count);
        var found = new double[ranks.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            found[i] = total == 0 ? double.NaN : At((long)Math.Max(Math.Ceiling(ranks[i] * total), 1), bins);
        }

        return found;
    }

    private static double At(long rank, List<Bin> bins)
    {
        foreach (Bin bin in bins)
        {
            rank -= bin.Count;
            if (rank <= 0)
            {
                return bin.Value;
            }
        }

        return bins[^1].Value;
    }

    private Bins Make()
    {
        var made = new Bins();
        return Interlocked.CompareExchange(ref _bins, made, null) ?? made;
    }

    private Bin[] Collect(bool reset)
    {
        if (Volatile.Read(ref _bins) is not { } live)
        {
            return [];
        }

        var bins = new List<Bin>();
        for (int i = 0; i < BinCount; i++)
        {
            int count = reset ? Interlocked.Exchange(ref live.Counts[i], 0) : Volatile.Read(ref live.Counts[i]);
            if (count > 0)
            {
                bins.Add(new Bin(count, live.Values[i]));
            }
        }

        return [.. bins];
    }
}
