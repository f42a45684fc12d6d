using System.Collections.Concurrent;
using System.Threading.Channels;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Rpc;

/// <summary>
/// Raft messages over two streams per peer: one for log and snapshots, one for all that is small, so that a heartbeat never
/// waits behind a megabyte.
/// </summary>
/// <param name="addressOf">The newest address of a peer, or null to use the configuration's.</param>
public sealed class RaftTransport(ServerId self, RpcPool pool, Func<ServerId, string?> addressOf, TimeProvider time, ILogger<RaftTransport> logger)
    : IRaftTransport, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(ServerId Peer, bool Bulk), PeerStream> _streams = new();
    private readonly Lock _gate = new();
    private readonly OwnedTasks _ending = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile RaftConfiguration _configuration = RaftConfiguration.Empty;

    /// <summary>Streams that are kept, two for each peer.</summary>
    public int StreamCount => _streams.Count;

    public void Configure(RaftConfiguration configuration)
    {
        _configuration = configuration;
        foreach ((ServerId Peer, bool Bulk) key in _streams.Keys)
        {
            if (configuration.Find(key.Peer) is null && _streams.TryRemove(key, out PeerStream? gone))
            {
                gone.Part();
                _ending.Own(gone.Completed);
            }
        }
    }

    public void Send(IReadOnlyList<RaftMessage> messages)
    {
        foreach (RaftMessage message in messages)
        {
            if (_stopping.IsCancellationRequested || AddressOf(message.To) is null)
            {
                // Answers go to whoever claimed to be a peer: only one that is known gets a queue.
                continue;
            }

            bool bulk = message is AppendEntries or InstallSnapshot;
            StreamTo(message.To, bulk).Enqueue(message);
        }
    }

    /// <summary>Messages leave from the loop and from behind saves: two at once must not begin two streams.</summary>
    private PeerStream StreamTo(ServerId peer, bool bulk)
    {
        if (_streams.TryGetValue((peer, bulk), out PeerStream? stream))
        {
            return stream;
        }

        lock (_gate)
        {
            return _streams.GetOrAdd((peer, bulk), key => new PeerStream(this, key.Peer));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_streams.Values.Select(stream => stream.Completed)).ConfigureAwait(false);
        await _ending.WhenAllAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private string? AddressOf(ServerId peer) => addressOf(peer) ?? _configuration.Find(peer)?.Address;

    /// <summary>A queue and the stream that empties it; reconnects with back-off and drops what piles up meanwhile.</summary>
    private sealed class PeerStream
    {
        /// <summary>Messages that may wait; Raft repeats what is lost, and stale ones help nobody.</summary>
        private const int QueueMax = 4096;

        /// <summary>For the last words to a removed peer to arrive.</summary>
        private static readonly TimeSpan PartingMax = TimeSpan.FromSeconds(2);

        private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(50);
        private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(1);

        private readonly RaftTransport _owner;
        private readonly ServerId _peer;
        private readonly CancellationTokenSource _stop;
        private readonly Channel<RaftMessage> _queue = Channel.CreateBounded<RaftMessage>(
            new BoundedChannelOptions(QueueMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public PeerStream(RaftTransport owner, ServerId peer)
        {
            _owner = owner;
            _peer = peer;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(owner._stopping.Token);
            Completed = Task.Run(RunAsync);
        }

        public Task Completed { get; }

        public void Enqueue(RaftMessage message) => _queue.Writer.TryWrite(message);

        /// <summary>What waits is still sent, for it may hold the entry that removes the peer: without it, it would wait for a leader in vain.</summary>
        public void Part()
        {
            _stop.CancelAfter(PartingMax);
            _queue.Writer.TryComplete();
        }

        private async Task RunAsync()
        {
            TimeSpan backoff = BackoffMin;
            try
            {
                while (await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
                {
                    try
                    {
                        await StreamAsync(() => backoff = BackoffMin).ConfigureAwait(false);
                    }
                    catch (GrpcException failure)
                    {
                        _owner.LogBroken(_peer.ToString(), failure.Message, backoff);
                    }

                    while (_queue.Reader.TryRead(out _))
                    {
                        // What waited for a broken stream is stale.
                    }

                    await Task.Delay(backoff, _owner._time, _stop.Token).ConfigureAwait(false);
                    backoff = backoff * 2 > BackoffMax ? BackoffMax : backoff * 2;
                }
            }
            catch (OperationCanceledException)
            {
                // Stopping was asked for.
            }
        }

        private async Task StreamAsync(Action connected)
        {
            if (_owner.AddressOf(_peer) is not { } address)
            {
                return;
            }

            var headers = new GrpcMetadata();
            headers.Add(InternalService.PeerIdKey, _owner._self.ToString());
            using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call =
                _owner._pool.Channel(address).Bidi(InternalService.Raft, new GrpcCallOptions(Headers: headers), _stop.Token);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task watching = WatchAsync(call, broken);
            try
            {
                await WriteAsync(call, connected, broken.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                // It broke while there was nothing to say: the next message finds a new one and is not lost.
            }
            catch
            {
                call.Dispose();
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            await watching.ConfigureAwait(false);
            _owner.LogBroken(_peer.ToString(), "the peer has ended it", BackoffMin);
        }

        private async Task WriteAsync(GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call, Action connected, CancellationToken broken)
        {
            using var buffer = new PooledBuffer(4096);
            while (await _queue.Reader.WaitToReadAsync(broken).ConfigureAwait(false))
            {
                while (_queue.Reader.TryRead(out RaftMessage? message))
                {
                    buffer.Clear();
                    RaftMessageCodec.Encode(message, buffer);
                    call.Requests.Write(buffer.Memory);
                }

                await call.Requests.FlushAsync(broken).ConfigureAwait(false);
                connected();
            }

            // The peer has read everything once it ends the call too; to break the stream off could overtake what is on its way.
            await call.CompleteRequestsAsync().ConfigureAwait(false);
        }

        /// <summary>The peer says nothing on the stream but that it has ended.</summary>
        private async Task WatchAsync(GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call, CancellationTokenSource broken)
        {
            try
            {
                await call.Responses.ReadAsync(_stop.Token).ConfigureAwait(false);
            }
            finally
            {
                await broken.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private readonly ServerId _self = self;
    private readonly RpcPool _pool = pool;
    private readonly TimeProvider _time = time;

    private void LogBroken(string peer, string error, TimeSpan backoff) =>
        RaftTransportLog.Broken(logger, peer, error, backoff.TotalMilliseconds);
}

internal static partial class RaftTransportLog
{
    [LoggerMessage(1101, LogLevel.Debug, "raft stream to peer broke: peer={Peer} error={Error} retry_ms={RetryMs}")]
    public static partial void Broken(ILogger logger, string peer, string error, double retryMs);
}
