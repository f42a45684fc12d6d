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
            _latest[(coordinate.Node, coordinate.Segment)] = coordinate;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(period, time, cancellationToken).ConfigureAwait(false);
            foreach (CoordinateRecord[] batch in Take().Chunk(BatchSize).Take(BatchesMax))
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
            return taken.Values.OrderBy(c => c.Node, StringComparer.Ordinal);
        }
    }
}
