using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Benchmarks.Load;

/// <summary>A fixed number of connections, each with one request under way: the next is sent when the answer is whole.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Epoll _epoll = new();
    private readonly Socket[] _sockets;
    private readonly int[] _descriptors;
    private readonly AnswerCursor[] _cursors;
    private readonly long[] _sentAt;
    private readonly int[] _ready = new int[256];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly bool _isDatagram;

    private ClosedLoop(int port, int connections, ProtocolType protocol)
    {
        _isDatagram = protocol == ProtocolType.Udp;
        _sockets = new Socket[connections];
        _descriptors = new int[connections];
        _cursors = new AnswerCursor[connections];
        _sentAt = new long[connections];
        for (int i = 0; i < connections; i++)
        {
            _sockets[i] = new Socket(AddressFamily.InterNetwork, _isDatagram ? SocketType.Dgram : SocketType.Stream, protocol);
            if (!_isDatagram)
            {
                _sockets[i].NoDelay = true;
            }

            _sockets[i].Connect(IPAddress.Loopback, port);
            _descriptors[i] = (int)_sockets[i].SafeHandle.DangerousGetHandle();
            _cursors[i] = new AnswerCursor();
            _epoll.Add(_descriptors[i], i);
        }
    }

    public static ClosedLoop Http(int port, int connections) => new(port, connections, ProtocolType.Tcp);

    public static ClosedLoop Dns(int port, int sockets) => new(port, sockets, ProtocolType.Udp);

    /// <summary>For a while without measuring, then for a while with.</summary>
    public LoadResult RunFor(IRequests requests, TimeSpan warmUp, TimeSpan time)
    {
        var latency = new LatencyHistogram();
        long answers = 0;
        long started = Stopwatch.GetTimestamp();
        bool isWarm = false;
        SendAll(requests);
        while (true)
        {
            answers += TakeReady(requests, latency, long.MaxValue);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (!isWarm && elapsed >= warmUp)
            {
                isWarm = true;
                answers = 0;
                latency.Clear();
                started = Stopwatch.GetTimestamp();
            }
            else if (isWarm && elapsed >= time)
            {
                TakeRest(latency);
                return new LoadResult(answers, elapsed, latency);
            }
        }
    }

    /// <summary>That many requests in all, as fast as they are answered.</summary>
    public LoadResult RunCount(IRequests requests, long count)
    {
        var latency = new LatencyHistogram();
        long started = Stopwatch.GetTimestamp();
        SendAll(requests);
        long answers = 0;
        while (answers < count)
        {
            answers += TakeReady(requests, latency, count - answers - _sockets.Length);
        }

        return new LoadResult(answers, Stopwatch.GetElapsedTime(started), latency);
    }

    /// <summary>One request on every connection; the answers are for <see cref="AwaitAll"/>.</summary>
    public void SendAll(IRequests requests)
    {
        for (int i = 0; i < _sockets.Length; i++)
        {
            Send(i, requests);
        }
    }

    /// <summary>Returns when every connection has been answered.</summary>
    public void AwaitAll() => TakeRest(new LatencyHistogram());

    public void Dispose()
    {
        _epoll.Dispose();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void TakeRest(LatencyHistogram latency)
    {
        long started = Stopwatch.GetTimestamp();
        while (_sentAt.AsSpan().ContainsAnyExcept(0L))
        {
            _ = TakeReady(null, latency, 0);
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new BenchmarkException($"{_sentAt.Count(sent => sent != 0)} requests had no answer after {Patience.TotalSeconds:0} s");
            }
        }
    }

    /// <param name="requests">Null to send no more.</param>
    /// <param name="latency">Takes the time of each answer.</param>
    /// <param name="sendsMax">How many may still be sent; not positive: none.</param>
    /// <returns>Answers that ended.</returns>
    private long TakeReady(IRequests? requests, LatencyHistogram latency, long sendsMax)
    {
        const int TimeoutMs = 1000;
        int count = _epoll.Wait(_ready, TimeoutMs);
        if (count == 0)
        {
            ResendLost(requests);
        }

        long answers = 0;
        for (int i = 0; i < count; i++)
        {
            int number = _ready[i];
            int received = Epoll.Receive(_descriptors[number], _buffer);
            if (received <= 0)
            {
                throw new BenchmarkException("the agent closed a connection under load");
            }

            if (!IsWhole(number, _buffer.AsSpan(0, received)))
            {
                continue;
            }

            latency.Add(Stopwatch.GetElapsedTime(_sentAt[number]));
            _sentAt[number] = 0;
            answers++;
            if (requests is not null && answers <= sendsMax)
            {
                Send(number, requests);
            }
        }

        return answers;
    }

    private bool IsWhole(int number, ReadOnlySpan<byte> bytes)
    {
        if (_isDatagram)
        {
            // RFC 1035 §4.1.1: the low four bits of the fourth byte are the result, bytes 6 and 7 count the answers.
            return (bytes[3] & 0xF) == 0 && (bytes[6] | bytes[7]) != 0 ? true : throw new BenchmarkException("a name was not answered");
        }

        AnswerCursor cursor = _cursors[number];
        bool isWhole = cursor.Feed(bytes);
        return !isWhole || cursor.StatusCode == 200 ? isWhole : throw new BenchmarkException($"a request under load was answered {cursor.StatusCode}");
    }

    /// <summary>Datagrams may be dropped where a socket's buffer is full; asked again, the time since the first counts.</summary>
    private void ResendLost(IRequests? requests)
    {
        for (int i = 0; _isDatagram && i < _sockets.Length; i++)
        {
            if (_sentAt[i] != 0 && requests is not null)
            {
                _ = Epoll.Send(_descriptors[i], requests.Next());
            }
            else
            {
                _sentAt[i] = 0;
            }
        }
    }

    private void Send(int number, IRequests requests)
    {
        ReadOnlySpan<byte> bytes = requests.Next();
        _sentAt[number] = Stopwatch.GetTimestamp();
        if (Epoll.Send(_descriptors[number], bytes) != bytes.Length)
        {
            throw new BenchmarkException("a request could not be sent whole");
        }
    }
}
