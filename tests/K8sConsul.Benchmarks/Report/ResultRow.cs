using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks.Report;

/// <summary>One row with the figures of all rounds.</summary>
internal sealed class ResultRow(Row row)
{
    public Row Row { get; } = row;

    public List<Figure> Ours { get; } = [];

    public List<Figure> Real { get; } = [];

    /// <summary>How many times better ours is, whichever way is better; NaN when one is missing.</summary>
    public double Ratio
    {
        get
        {
            double ours = Median(Ours, f => f.Value);
            double real = Median(Real, f => f.Value);
            return Row.MoreIsBetter ? ours / real : real / ours;
        }
    }

    public List<Figure> FiguresOf(string contestant) => contestant == Contestant.OursName ? Ours : Real;

    /// <summary>Of those that have it; NaN when none has.</summary>
    public static double Median(List<Figure> figures, Func<Figure, double> pick)
    {
        double[] values = [.. figures.Select(pick).Where(value => !double.IsNaN(value)).Order()];
        if (values.Length == 0)
        {
            return double.NaN;
        }

        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
