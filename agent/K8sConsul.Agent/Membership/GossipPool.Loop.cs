using System.Diagnostics;
using System.Net.Sockets;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>The owner loop: the only code that touches the core.</summary>
public sealed partial class GossipPool
{
    /// <summary>Inputs taken between two looks at the clock and two publications.</summary>
    private const int InputsPerTurnMax = 64;

    // Completed when the core says so. Only the owner loop touches it, and the shutdown after the loop has ended.
    private readonly Dictionary<OperationId, TaskCompletionSource<OperationOutcome>> _operations = [];

    private TimeSpan _wakeUpAt = TimeSpan.MaxValue;

    private async Task OwnAsync()
    {
        try
        {
            while (await _inputs.Reader.WaitToReadAsync(_stop.Token))
            {
                long started = _time.GetTimestamp();
                GossipCounters before = _node.Counters;
                for (int taken = 0; taken < InputsPerTurnMax && _inputs.Reader.TryRead(out PoolInput? input); taken++)
                {
                    Deliver(input);
                    CarryOut();
                }

                _node.Advance(Now);
                CarryOut();
                _metrics.Turned(in before, _node.Counters, _view.Stats, started);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The pool is stopping.
        }
        catch (Exception e)
        {
            // An invariant of the core is broken: a wrong member list is worse than none.
            LogImpossible(e);
            Environment.FailFast($"gossip pool {_options.Pool}: invariant broken", e);
        }
    }

    private void Deliver(PoolInput input)
    {
        TimeSpan now = Now;
        switch (input)
        {
            case PacketArrived packet:
                _node.HandlePacket(packet.Datagram, packet.From, packet.ReceivedAt, now);
                break;
            case TimeElapsed:
                _wakeUpAt = TimeSpan.MaxValue;
                _node.Advance(now);
                break;
            case StreamRequested request:
                _node.HandleStreamRequest(request.Stream, request.From, request.Message, now);
                break;
            case StreamReplied reply:
                _node.HandleStreamReply(reply.Stream, reply.Message, now);
                break;
            case StreamFailed failure:
                _node.HandleStreamFailure(failure.Stream, failure.Error, now);
                break;
            case CommandGiven command:
                command.Run(_node, now);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Views are published before the events that tell of them: who hears of a member finds it.</summary>
    private void CarryOut()
    {
        IReadOnlyList<GossipEffect> effects = _node.TakeEffects();
        while (effects.Count > 0)
        {
            Publish();
            foreach (GossipEffect effect in effects)
            {
                CarryOut(effect);
            }

            effects = _node.TakeEffects();
        }

        Publish();
        PlanWakeUp();
    }

    private void CarryOut(GossipEffect effect)
    {
        switch (effect)
        {
            case SendPacket send:
                SendPacketNow(send);
                break;
            case OpenStream open:
                BeginStream(open);
                break;
            case ReplyOnStream reply:
                AnswerStream(reply.Stream, reply.Message);
                break;
            case CloseStream close:
                AbandonStream(close.Stream);
                break;
            case MemberEvent changed:
                Tell(new MemberChanged(changed.Kind, changed.Member));
                break;
            case UserEventDelivered received:
                Tell(new UserEventReceived(received.LTime, received.Name, received.Payload, received.Coalesce));
                break;
            case OperationCompleted completed:
                Complete(completed.Operation, new OperationOutcome(completed.Error, null));
                break;
            case KeyringCompleted completed:
                Complete(completed.Operation, new OperationOutcome(null, completed.Answer));
                break;
            case PersistKeyring persist:
                Persist(persist);
                break;
            case AppendSnapshot append:
                _snapshot!.Append(append);
                break;
            case GossipLog log:
                Write(log);
                break;
            case QueryDelivered or QueryAnswered:
                // Consul's agents ask and answer no queries of their own, only Serf's internal ones.
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Publish()
    {
        PublishedView last = _view;
        MemberList members = last.Members.Version == _node.MembersVersion ? last.Members : _node.Members();
        var view = new PublishedView(members, _node.Stats, _node.Coordinate, _node.CachedCoordinates);
        if (view != last)
        {
            _metrics.Published(last, view);
            _view = view;
        }
    }

    private void PlanWakeUp()
    {
        if (_node.NextWakeUp is not { } due || due == _wakeUpAt)
        {
            return;
        }

        _wakeUpAt = due;
        TimeSpan delay = due - Now;

        // Timers count whole milliseconds and round down: one more, or the loop would spin through the last one.
        _wakeUp!.Change(delay > TimeSpan.Zero ? delay + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void SendPacketNow(SendPacket send)
    {
        try
        {
            _sockets.Udp.SendTo(send.Datagram, SocketFlags.None, _sockets.Reach(send.To));
            _metrics.UdpSent.Add(send.Datagram.Length);
        }
        catch (SocketException e)
        {
            // As good as lost on the way; the failure detector deals with both alike.
            LogSendFailed(send.To, e.Message);
        }
        catch (ObjectDisposedException) when (_stop.IsCancellationRequested)
        {
            // The pool is stopping.
        }
    }

    private void Persist(PersistKeyring persist)
    {
        string? error = null;
        if (_options.KeyringFile is { } path)
        {
            try
            {
                KeyringFile.Save(path, persist.Keys);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = e.Message;
            }
        }

        _node.KeyringPersisted(persist.Persistence, error, Now);
    }

    private void Tell(GossipEvent happened)
    {
        _metrics.Told(happened);
        if (!_events.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _eventsDropped);
        }
    }

    private void Complete(OperationId operation, OperationOutcome outcome)
    {
        if (_operations.Remove(operation, out TaskCompletionSource<OperationOutcome>? waiting))
        {
            waiting.TrySetResult(outcome);
        }
    }

    /// <summary>After the loop has ended: nobody will complete these any more.</summary>
    private void FailOperations()
    {
        while (_inputs.Reader.TryRead(out PoolInput? input))
        {
            if (input is CommandGiven command)
            {
                command.Run(_node, Now);
            }
        }

        foreach (TaskCompletionSource<OperationOutcome> waiting in _operations.Values)
        {
            waiting.TrySetException(new GossipException("the pool was shut down"));
        }

        _operations.Clear();
    }

    /// <summary>How an operation of the core ended.</summary>
    private readonly record struct OperationOutcome(string? Error, KeyringAnswer? Keyring);
}
