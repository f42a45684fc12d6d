using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Load;
using K8sConsul.Benchmarks.Report;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>Where a scenario puts its figures for one program, and learns which are wanted.</summary>
internal sealed class Sink(BenchmarkOptions options, Contestant contestant, Results results)
{
    public bool Wants(params ReadOnlySpan<Row> rows)
    {
        foreach (Row row in rows)
        {
            if (options.Wants(row.Name))
            {
                return true;
            }
        }

        return false;
    }

    public void Add(Row row, double value)
    {
        Add(row, new Figure(value));
    }

    public void Add(Row row, LoadResult load)
    {
        Add(row, new Figure(load.Rate, load.Latency.AtMs(0.5), load.Latency.AtMs(0.99)));
    }

    private void Add(Row row, Figure figure)
    {
        if (options.Wants(row.Name))
        {
            results.Add(row, contestant.Name, figure);
            Console.Error.WriteLine($"  {row.Name}: {figure.Value:0.##} {row.Unit}");
        }
    }
}
