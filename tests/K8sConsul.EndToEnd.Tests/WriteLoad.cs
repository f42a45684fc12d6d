using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// Connections that each write one new key after the other, through whichever agent answers, and remember what was
/// acknowledged.
/// </summary>
internal sealed class WriteLoad(IReadOnlyList<AgentProcess> agents, string prefix, int connections) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<string> _acknowledged = [];
    private readonly List<Task> _writers = [];
    private long _lastAcknowledged = Stopwatch.GetTimestamp();
    private long _failed;

    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    public long Failed => Interlocked.Read(ref _failed);

    public void Start()
    {
        for (int i = 0; i < connections; i++)
        {
            int number = i;
            _writers.Add(Task.Run(() => WriteAsync(number)));
        }
    }

    /// <summary>Waits for the next acknowledgement after now.</summary>
    public async Task<TimeSpan> NextAcknowledgementAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync("a write is acknowledged again", () => Task.FromResult(Interlocked.Read(ref _lastAcknowledged) > started));
        return Stopwatch.GetElapsedTime(started, Interlocked.Read(ref _lastAcknowledged));
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int number)
    {
        for (int n = 0; !_stop.IsCancellationRequested; n++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{prefix}/{number}/{n}");
            AgentProcess agent = agents[(number + n) % agents.Count];
            try
            {
                using HttpResponseMessage answer = await agent.Http.PutAsync("/v1/kv/" + key, new StringContent(key), _stop.Token);
                if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(_stop.Token)).Trim() == "true")
                {
                    _acknowledged.Add(key);
                    Interlocked.Exchange(ref _lastAcknowledged, Stopwatch.GetTimestamp());
                    continue;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or OperationCanceledException)
            {
                // Not acknowledged: it may or may not be there. (A connection that ends while it is made is a SocketException as it is.)
            }

            Interlocked.Increment(ref _failed);
        }
    }
}
