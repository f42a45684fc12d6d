using System.Net.Sockets;
using System.Threading.Channels;
using K8sConsul.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Telemetry;

/// <summary>
/// Sends every observation to a daemon. Observers only leave theirs in a queue; one task writes the lines and sends them ten
/// times a second. A queue that is full drops what comes, which no observer feels.
/// </summary>
internal sealed partial class MetricsPusher(ILineFormat format, ILineTransport transport, TimeProvider time, ILogger logger) : IMetricsSink, IAsyncDisposable
{
    /// <summary>Observations that wait: those of a tenth of a second at full load.</summary>
    private const int QueueMax = 32_768;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>After a failure; what was observed meanwhile is old and is dropped.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<(Instrument Instrument, float Value)> _queue = Channel.CreateBounded<(Instrument, float)>(
        new BoundedChannelOptions(QueueMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private Task _pump = Task.CompletedTask;

    public void Start() => _pump = Task.Run(PumpAsync);

    public void Observed(Instrument instrument, float value) => _queue.Writer.TryWrite((instrument, value));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        transport.Dispose();
        _stopping.Dispose();
    }

    private async Task PumpAsync()
    {
        var lines = new List<string>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                await Task.Delay(FlushInterval, time, _stopping.Token).ConfigureAwait(false);
                lines.Clear();
                while (lines.Count < QueueMax && _queue.Reader.TryRead(out (Instrument Instrument, float Value) observed))
                {
                    lines.Add(format.Line(observed.Instrument, observed.Value));
                }

                try
                {
                    await transport.SendAsync(lines, _stopping.Token).ConfigureAwait(false);
                }
                catch (SocketException failure)
                {
                    LogFailed(transport.Address, failure.Message);
                    await Task.Delay(RetryInterval, time, _stopping.Token).ConfigureAwait(false);
                    while (_queue.Reader.TryRead(out _))
                    {
                        // What waited for a daemon that is not there is stale.
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }

    [LoggerMessage(2401, LogLevel.Error, "cannot send metrics: address={Address} error={Error}")]
    private partial void LogFailed(string address, string error);
}
