using System.Net;
using System.Net.Sockets;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// One UDP socket and the thread that serves it. Queries whose answers are known never leave the thread; the others finish
/// wherever their look-ups do.
/// </summary>
/// <remarks>A thread that blocks in the kernel answers with fewer switches than the thread pool would, and idles for nothing.</remarks>
internal abstract partial class UdpListener : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    // Pending queries, and one for the thread itself; whoever takes it to zero completes _drained.
    private int _running = 1;

    protected UdpListener(Socket socket, DnsResponder responder, PendingReplyPool pendings, ulong seed, ILogger logger)
    {
        Socket = socket;
        Responder = responder;
        Pendings = pendings;
        Logger = logger;
        Scratch = new DnsScratch(seed);
        _thread = new Thread(Run) { IsBackground = true, Name = $"dns udp {socket.LocalEndPoint}" };
    }

    protected Socket Socket { get; }

    protected DnsResponder Responder { get; }

    protected PendingReplyPool Pendings { get; }

    protected DnsScratch Scratch { get; }

    protected ILogger Logger { get; }

    protected bool IsStopping => _stopping.IsCancellationRequested;

    public static UdpListener Create(Socket socket, DnsResponder responder, PendingReplyPool pendings, ulong seed, ILogger logger)
        => LinuxDatagrams.IsSupported
            ? new BatchedUdpListener(socket, responder, pendings, seed, logger)
            : new PortableUdpListener(socket, responder, pendings, seed, logger);

    public void Start() => _thread.Start();

    /// <summary>Stops receiving, gives up pending look-ups, and waits for both to end.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Wake();
        await _drained.Task.ConfigureAwait(false);
    }

    public virtual void Dispose()
    {
        Socket.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Receives and answers until stopping.</summary>
    protected abstract void Serve();

    /// <summary>Gets the thread out of its wait.</summary>
    protected abstract void Wake();

    /// <summary>Starts on a query that has to be looked up.</summary>
    /// <param name="query">The query.</param>
    /// <param name="peer">Who asks.</param>
    /// <param name="index">Which of the datagrams just received it is.</param>
    /// <param name="length">The finished reply's length.</param>
    /// <returns>The finished reply, to be sent and returned to the pool by the caller; or null: it will be sent later, or never because
    /// too many wait already.</returns>
    protected PendingReply? Begin(ReadOnlySpan<byte> query, IPEndPoint peer, int index, out int length)
    {
        length = 0;
        PendingReply? pending = Pendings.TryRent();
        if (pending is null)
        {
            LogTooManyPending(Logger, peer);
            return null;
        }

        pending.SetQuery(query);
        ValueTask<int> completion = Responder.CompleteAsync(
            pending.Message,
            DnsTransport.Udp,
            peer,
            pending.Scratch,
            pending.Reply,
            _stopping.Token);
        if (completion.IsCompletedSuccessfully)
        {
            length = completion.Result;
            return pending;
        }

        Interlocked.Increment(ref _running);
        _ = FinishAsync(completion, pending, RouteOf(index));
        return null;
    }

    /// <summary>Keeps what is needed to reply to one of the datagrams just received after the next ones have taken their place.</summary>
    protected abstract ReplyRoute RouteOf(int index);

    /// <summary>Where a later reply goes.</summary>
    protected abstract class ReplyRoute
    {
        public abstract void Send(ReadOnlySpan<byte> reply);
    }

    // Owned through _running: StopAsync waits until the last one is through.
    private async Task FinishAsync(ValueTask<int> completion, PendingReply pending, ReplyRoute route)
    {
        try
        {
            int length;
            try
            {
                length = await completion.ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogLookUpFailed(Logger, failure);
                length = Responder.RenderFailure(pending.Message.Span, DnsTransport.Udp, pending.Scratch, pending.Reply.Span);
            }

            route.Send(pending.Reply.Span[..length]);
        }
        catch (Exception end) when (IsStopping && end is OperationCanceledException or ObjectDisposedException)
        {
            // The server goes away; the client asks another one.
        }
        catch (SocketException failure)
        {
            LogReplyFailed(Logger, failure.Message);
        }
        finally
        {
            Pendings.Return(pending);
            Leave();
        }
    }

    private void Run()
    {
        try
        {
            Serve();
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _drained.SetResult();
        }
    }
}
