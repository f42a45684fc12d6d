namespace K8sConsul.Simulation.Checking;

/// <summary>How often each named fault and each interesting branch was hit, so that a simulator that tests nothing shows.</summary>
internal sealed class Coverage
{
    private readonly SortedDictionary<string, long> _hits = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Hits => _hits;

    public void Hit(string what, long times = 1) => _hits[what] = _hits.GetValueOrDefault(what) + times;

    public void Add(Coverage other)
    {
        foreach ((string what, long times) in other._hits)
        {
            Hit(what, times);
        }
    }
}
