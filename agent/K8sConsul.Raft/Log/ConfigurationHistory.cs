namespace K8sConsul.Raft;

/// <summary>
/// The configurations of the log's entries, oldest first. The last one is in force whether committed or not (thesis §4.1), so a
/// replaced suffix brings an earlier one back.
/// </summary>
internal sealed class ConfigurationHistory
{
    private readonly List<(LogIndex Index, RaftConfiguration Configuration)> _items = [(default, RaftConfiguration.Empty)];

    public RaftConfiguration Latest => _items[^1].Configuration;

    public LogIndex LatestIndex => _items[^1].Index;

    public void Add(LogIndex index, RaftConfiguration configuration)
    {
        Invariant.Require(index > LatestIndex || _items.Count == 1, $"configuration {index} added behind {LatestIndex}");
        _items.Add((index, configuration));
    }

    public void Reset(LogIndex index, RaftConfiguration configuration)
    {
        _items.Clear();
        _items.Add((index, configuration));
    }

    /// <summary>Forgets the configurations at and behind <paramref name="index"/>.</summary>
    /// <returns>Whether another configuration is in force now.</returns>
    public bool TruncateFrom(LogIndex index)
    {
        int before = _items.Count;
        while (_items.Count > 0 && LatestIndex >= index)
        {
            _items.RemoveAt(_items.Count - 1);
        }

        Invariant.Require(_items.Count > 0, $"no configuration is left before {index}");
        return _items.Count != before;
    }

    /// <summary>The one in force at <paramref name="index"/>, which is not below the last call of <see cref="ForgetBefore"/>.</summary>
    public (LogIndex Index, RaftConfiguration Configuration) At(LogIndex index)
    {
        for (int i = _items.Count - 1; i > 0; i--)
        {
            if (_items[i].Index <= index)
            {
                return _items[i];
            }
        }

        return _items[0];
    }

    /// <summary>Nobody will ask for an index below <paramref name="index"/>, nor truncate there.</summary>
    public void ForgetBefore(LogIndex index)
    {
        while (_items.Count > 1 && _items[1].Index <= index)
        {
            _items.RemoveAt(0);
        }
    }
}
