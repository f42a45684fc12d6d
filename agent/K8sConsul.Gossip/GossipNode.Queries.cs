using System.Net;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>Queries: asked by us, asked by others, and answers on their way.</summary>
public sealed partial class GossipNode
{
    private const string InternalPrefix = "_serf_";

    /// <summary>A relayed answer is sent to members that understand relaying: memberlist protocol 5.</summary>
    private const byte RelayProtocol = 5;

    private const long NanosecondsPerTick = 100;

    /// <summary>Questions that wait for the application at a time; more come only from a peer gone mad.</summary>
    private const int AnswerableCountMax = 1_024;

    /// <summary>However long a peer wants to wait for an answer.</summary>
    private static readonly TimeSpan _answerTimeMax = TimeSpan.FromHours(1);

    private readonly QueryBuffer _recentQueries;

    // Asked by us and not yet over. Go keys them by time alone, which is why a time is never used twice.
    private readonly Dictionary<ulong, RunningQuery> _running = [];

    // Asked by others, given to the application, not yet answered or over.
    private readonly Dictionary<QueryId, QueryMessage> _answerable = [];
    private ulong _queryTimeMin;

    /// <summary>
    /// Asks. Answers come as <see cref="QueryAnswered"/>, and <see cref="OperationCompleted"/> when the time is over.
    /// </summary>
    public OperationId BeginQuery(QueryRequest request, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(request);
        Advance(now);
        OperationId operation = NewOperation();
        string? refusal = StartQuery(
            request,
            (response, isAck) => _context.Emit(new QueryAnswered(operation, response.From, [.. response.Payload ?? []], isAck)),
            () => Complete(operation, error: null));
        if (refusal is not null)
        {
            Complete(operation, refusal);
        }

        RunImmediate();
        return operation;
    }

    /// <summary>Answers somebody else's query, once.</summary>
    /// <returns>Null, or why the answer was not sent.</returns>
    public string? AnswerQuery(QueryId query, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        Advance(now);
        if (!_answerable.Remove(query, out QueryMessage? question))
        {
            return "response is past the deadline";
        }

        string? refusal = Respond(question, payload.ToArray());
        RunImmediate();
        return refusal;
    }

    /// <summary>Asks everybody, ourselves included.</summary>
    /// <returns>Null, or why it cannot be asked.</returns>
    private string? StartQuery(QueryRequest request, Action<QueryResponseMessage, bool> answered, Action finished, Action<RunningQuery>? started = null)
    {
        TimeSpan timeout = request.Timeout ?? DefaultQueryTimeout();
        List<byte[]> filters = [];
        if (request.Nodes.Count > 0)
        {
            filters.Add(QueryFilter.ForNodes(request.Nodes));
        }

        foreach ((string tag, string expression) in request.Tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            filters.Add(QueryFilter.ForTag(tag, expression));
        }

        var query = new QueryMessage
        {
            LTime = _queryClock.Time,
            Id = (uint)_context.Random.Next(int.MaxValue),
            Addr = _self.Advertise.Ip.GetAddressBytes(),
            Port = _self.Advertise.Port,
            SourceNode = _self.Name,
            Filters = filters.Count == 0 ? null : filters,
            Flags = request.RequestAck ? QueryFlags.Ack : QueryFlags.None,
            RelayFactor = request.RelayFactor,
            TimeoutNanoseconds = timeout.Ticks * NanosecondsPerTick,
            Name = request.Name,
            Payload = request.Payload.IsEmpty ? null : request.Payload.ToArray(),
        };
        byte[] message = query.Encode();
        if (message.Length > _options.QueryBytesMax)
        {
            return $"query exceeds limit of {_options.QueryBytesMax} bytes";
        }

        var running = new RunningQuery { Id = query.Id, Answered = answered };
        running.Timer = _context.After(timeout, () => FinishQuery(query.LTime, running));
        running.Finished = finished;
        _running[query.LTime] = running;
        started?.Invoke(running);

        // Hearing our own question is what moves the clock on.
        ApplyQuery(query);
        _queries.Queue(name: null, message);
        return null;
    }

    private void FinishQuery(ulong lTime, RunningQuery running)
    {
        running.Timer?.Cancel();
        if (_running.GetValueOrDefault(lTime) == running)
        {
            _running.Remove(lTime);
            running.Finished?.Invoke();
        }
    }

    private TimeSpan DefaultQueryTimeout() =>
        _options.GossipInterval * _options.QueryTimeoutMult * Math.Ceiling(Math.Log10(_memberlist.AliveCount + 1));

    /// <summary>Takes in a question, whoever asked it.</summary>
    /// <returns>True if it should be passed on.</returns>
    private bool ApplyQuery(QueryMessage query)
    {
        _queryClock.Witness(query.LTime);
        if (query.LTime < _queryTimeMin)
        {
            return false;
        }

        if (IsTooOld(_queryClock.Time, query.LTime, _recentQueries.SlotCount))
        {
            _context.Warn($"serf: received old query {query.Name} from time {query.LTime} (current: {_queryClock.Time})");
            return false;
        }

        if (!_recentQueries.TryRecord(query.LTime, query.Id))
        {
            return false;
        }

        bool passOn = !query.Flags.HasFlag(QueryFlags.NoBroadcast);
        foreach (byte[] filter in query.Filters ?? [])
        {
            if (!QueryFilter.Matches(filter, _self.Name, _tags))
            {
                return passOn;
            }
        }

        SnapshotQueryTime(query.LTime);
        if (query.Flags.HasFlag(QueryFlags.Ack))
        {
            SendResponse(query, new QueryResponseMessage(query.LTime, query.Id, _self.Name, QueryFlags.Ack, Payload: null));
        }

        if (query.Name.StartsWith(InternalPrefix, StringComparison.Ordinal))
        {
            AnswerInternal(query);
        }
        else
        {
            Deliver(query);
        }

        return passOn;
    }

    private void Deliver(QueryMessage query)
    {
        if (_answerable.Count >= AnswerableCountMax)
        {
            _context.Warn($"serf: {AnswerableCountMax} queries are waiting, dropping '{query.Name}' of {query.SourceNode}");
            return;
        }

        var id = new QueryId(query.LTime, query.Id);
        long ticks = Math.Clamp(query.TimeoutNanoseconds / NanosecondsPerTick, 0, _answerTimeMax.Ticks);
        TimeSpan timeout = TimeSpan.FromTicks(ticks);
        _answerable[id] = query;
        _context.After(timeout, () => _answerable.Remove(id));
        _context.Emit(new QueryDelivered(id, query.Name, [.. query.Payload ?? []], query.SourceNode, _context.Now + timeout));
    }

    /// <summary>Sends our answer, with copies by way of relays if the asker wants them.</summary>
    /// <returns>Null, or why the answer cannot be sent.</returns>
    private string? Respond(QueryMessage query, byte[] payload)
    {
        var response = new QueryResponseMessage(query.LTime, query.Id, _self.Name, QueryFlags.None, payload);
        int size = response.Encode().Length;
        if (size > _options.QueryResponseBytesMax)
        {
            return $"response exceeds limit of {_options.QueryResponseBytesMax} bytes";
        }

        SendResponse(query, response);
        return null;
    }

    private void SendResponse(QueryMessage query, QueryResponseMessage response)
    {
        if (query.Addr.Length == 0)
        {
            _context.Error($"serf: query {query.Name} has no address to answer to");
            return;
        }

        byte[] message = response.Encode();
        SendSerf(new MemberAddress(new IPAddress(query.Addr), query.Port), message);
        if (query.RelayFactor == 0 || _members.Count < query.RelayFactor + 1)
        {
            return;
        }

        byte[] relayed = new RelayMessage(query.Addr, query.Port, query.SourceNode, message).Encode();
        if (relayed.Length > _options.QueryResponseBytesMax)
        {
            _context.Error($"serf: relayed response exceeds limit of {_options.QueryResponseBytesMax} bytes");
            return;
        }

        foreach (Member relay in RandomRelays(query.RelayFactor))
        {
            SendSerf(relay.Address, relayed);
        }
    }

    private List<Member> RandomRelays(int count)
    {
        var relays = new List<Member>();
        foreach (SerfMember member in _members.Values)
        {
            if (member.Status == MemberStatus.Alive && member.Member.ProtocolMax >= RelayProtocol && member.Member.Name != _self.Name)
            {
                relays.Add(member.Member);
            }
        }

        relays.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        _context.Random.Shuffle(relays);
        return relays.Count <= count ? relays : relays[..count];
    }

    private void Relay(RelayMessage relay)
    {
        if (relay.DestIp.Length == 0 || relay.Message.Length == 0)
        {
            throw new GossipFormatException("relay without address or message");
        }

        var to = new MemberAddress(new IPAddress(relay.DestIp), relay.DestPort);
        _context.Debug($"serf: Relaying response to addr: {to}");
        SendSerf(to, relay.Message);
    }

    private void ApplyQueryResponse(QueryResponseMessage response)
    {
        if (!_running.TryGetValue(response.LTime, out RunningQuery? query))
        {
            _context.Warn($"serf: reply for non-running query (LTime: {response.LTime}, ID: {response.Id}) From: {response.From}");
            return;
        }

        if (query.Id != response.Id)
        {
            _context.Warn($"serf: query reply ID mismatch (Local: {query.Id}, Response: {response.Id})");
            return;
        }

        // Relays make repeats likely: one confirmation and one answer of each member count.
        bool isAck = response.Flags.HasFlag(QueryFlags.Ack);
        if ((isAck ? query.Acks : query.Responses).Add(response.From))
        {
            query.Answered(response, isAck);
        }
    }

    /// <summary>What we send to ourselves does not take the way through the network, where our own address may not lead back.</summary>
    private void SendSerf(MemberAddress to, byte[] message)
    {
        if (to == _self.Advertise)
        {
            _context.After(TimeSpan.Zero, () => HandleSerfMessage(message));
        }
        else
        {
            _memberlist.SendUserMessage(to, message);
        }
    }

    private sealed class RunningQuery
    {
        public required uint Id { get; init; }

        public required Action<QueryResponseMessage, bool> Answered { get; init; }

        public HashSet<string> Acks { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Responses { get; } = new(StringComparer.Ordinal);

        public Action? Finished { get; set; }

        public TimerEntry? Timer { get; set; }
    }
}
