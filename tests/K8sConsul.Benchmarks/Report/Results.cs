using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks.Report;

/// <summary>Every figure of every round.</summary>
internal sealed class Results
{
    private readonly List<ResultRow> _rows = [];

    public IReadOnlyList<ResultRow> Rows => _rows;

    /// <summary>What could not be measured, and why.</summary>
    public List<string> Failures { get; } = [];

    public void Add(Row row, string contestant, Figure figure)
    {
        ResultRow? kept = _rows.Find(r => r.Row.Name == row.Name);
        if (kept is null)
        {
            kept = new ResultRow(row);
            _rows.Add(kept);
        }

        kept.FiguresOf(contestant).Add(figure);
    }
}
