using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Leader;

/// <summary>
/// Keeps the newest coordinate per node and stores them in a few batches every period. Whatever exceeds the batches of a
/// period is dropped: the next update brings it again.
/// </summary>
public sealed class CoordinateBatcher(ICommandLog log, TimeSpan period, TimeProvider time) : ICoordinateSink
{
    private const int BatchSize = 128;
    private const int BatchesMax = 5;

    private readonly Lock _gate = new();
    private Dictionary<(string Node, string Segment), CoordinateRecord> _latest = [];

    public void Update(CoordinateRecord coordinate)
    {
        lock (_gate)
        {
            (string, string) key = (coordinate.Node, coordinate.Segment);
            if (_latest.Count < BatchSize * BatchesMax || _latest.ContainsKey(key))
            {
                _latest[key] = coordinate;
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // What came while another server led is old.
        _ = Take();
        while (true)
        {
            await Task.Delay(period, time, cancellationToken).ConfigureAwait(false);
            foreach (CoordinateRecord[] batch in Take().Chunk(BatchSize))
            {
                await log.ApplyAsync(new CoordinateCommand(batch)).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<CoordinateRecord> Take()
    {
        lock (_gate)
        {
            Dictionary<(string, string), CoordinateRecord> taken = _latest;
            _latest = [];
            return taken.Values.OrderBy(c => c.Node, StringComparer.Ordinal).ThenBy(c => c.Segment, StringComparer.Ordinal);
        }
    }
}
