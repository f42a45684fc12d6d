using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace K8sConsul.Server.Telemetry;

/// <summary>
/// Where observations add up between two drains. Hot instruments have one stripe per processor, each on cache lines of its own
/// and with a lock that is almost never contended, so that observing costs one interlocked operation and no allocation.
/// </summary>
internal sealed class Accumulator
{
    private const int StripesMax = 8;

    private readonly Stripe[] _stripes;

    /// <param name="isHot">Observed by many threads at once.</param>
    public Accumulator(bool isHot) => _stripes = new Stripe[isHot ? Width : 1];

    /// <summary>A power of two, so that the processor's number can be masked.</summary>
    private static int Width { get; } = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, StripesMax));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value, long now)
    {
        ref Stripe stripe = ref _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];
        stripe.Enter();
        stripe.Min = stripe.Count == 0 || value < stripe.Min ? value : stripe.Min;
        stripe.Max = stripe.Count == 0 || value > stripe.Max ? value : stripe.Max;
        stripe.Count++;
        stripe.Sum += value;
        stripe.SumOfSquares += value * value;
        stripe.Updated = now;
        stripe.Exit();
    }

    /// <summary>What came since the last drain.</summary>
    /// <param name="reset">Begin anew; no observation is lost or counted twice between the two.</param>
    public Aggregate Read(bool reset)
    {
        Aggregate all = default;
        for (int i = 0; i < _stripes.Length; i++)
        {
            ref Stripe stripe = ref _stripes[i];
            stripe.Enter();
            var part = new Aggregate(stripe.Count, stripe.Sum, stripe.SumOfSquares, stripe.Min, stripe.Max, stripe.Updated);
            if (reset)
            {
                (stripe.Count, stripe.Sum, stripe.SumOfSquares, stripe.Min, stripe.Max) = (0, 0, 0, 0, 0);
            }

            stripe.Exit();
            all = all.Plus(in part);
        }

        return all;
    }

    /// <summary>Two cache lines: processors fetch them in pairs.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Stripe
    {
        public long Count;
        public double Sum;
        public double SumOfSquares;
        public double Min;
        public double Max;
        public long Updated;
        private int _isBusy;

        /// <summary>Held for a few instructions that cannot fail; whoever is preempted in them is waited for by yielding.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Enter()
        {
            if (Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
            {
                Spin();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Exit() => Volatile.Write(ref _isBusy, 0);

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Spin()
        {
            var wait = default(SpinWait);
            do
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
            while (Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0);
        }
    }
}
