using System.Net;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>The rules by which alive, suspect and dead change what we know (gossip specification, "Membership rules").</summary>
internal sealed partial class Memberlist
{
    /// <summary>Serf's protocol range, announced as the delegate's.</summary>
    private const byte SerfProtocolMin = 2;
    private const byte SerfProtocolMax = 5;

    /// <summary>A member is here, says it, and how it can be reached.</summary>
    /// <param name="alive">What is said.</param>
    /// <param name="bootstrap">We say it ourselves, about ourselves.</param>
    /// <param name="finished">Called when the broadcast has gone out often enough.</param>
    private void ApplyAlive(Alive alive, bool bootstrap = false, Action? finished = null)
    {
        bool isLocal = alive.Node == _self.Name;
        if ((_left && isLocal) || !IsAcceptable(alive, bootstrap))
        {
            return;
        }

        bool takesOver = false;
        if (!_byName.TryGetValue(alive.Node, out NodeRecord? node))
        {
            if (!IsAllowed(new IPAddress(alive.Addr)))
            {
                _context.Warn($"memberlist: Rejected node {alive.Node} ({Show(alive)}): {new IPAddress(alive.Addr)} is not allowed");
                return;
            }

            node = AddRecord(alive);
        }
        else if (!node.HasAddress(alive.Addr, alive.Port) && !TryTakeOver(node, alive, out takesOver))
        {
            return;
        }

        if (isLocal ? alive.Incarnation < node.Incarnation : alive.Incarnation <= node.Incarnation && !takesOver)
        {
            return;
        }

        CancelSuspicion(node);
        NodeState oldState = node.State;
        byte[]? oldMeta = node.Meta;
        if (isLocal && !bootstrap)
        {
            if (alive.Incarnation == node.Incarnation && SameBytes(alive.Meta, node.Meta) && SameBytes(alive.Vsn, node.Vsn))
            {
                return;
            }

            Refute(node, alive.Incarnation);
            _context.Warn($"memberlist: Refuting an alive message for '{alive.Node}' ({Show(alive)})");
        }
        else
        {
            _broadcasts.Queue(alive.Node, alive.Encode(), finished);
            if (alive.Vsn.Length >= WireLimits.VersionBytes)
            {
                node.Vsn = alive.Vsn[..WireLimits.VersionBytes];
            }

            (node.Incarnation, node.Meta, node.Addr, node.Port) = (alive.Incarnation, alive.Meta, alive.Addr, alive.Port);
            ChangeState(node, NodeState.Alive);
        }

        _counters = _counters with { Alive = _counters.Alive + 1 };
        if (oldState is NodeState.Dead or NodeState.Left)
        {
            _delegate.NotifyJoin(node);
        }
        else if (!SameBytes(oldMeta, node.Meta))
        {
            _delegate.NotifyUpdate(node);
        }
    }

    private void ApplySuspect(Suspect suspect)
    {
        if (!_byName.TryGetValue(suspect.Node, out NodeRecord? node) || suspect.Incarnation < node.Incarnation)
        {
            return;
        }

        if (node.Suspicion is { } running)
        {
            if (running.Confirm(suspect.From))
            {
                _broadcasts.Queue(suspect.Node, suspect.Encode());
            }

            return;
        }

        if (node.State != NodeState.Alive)
        {
            return;
        }

        if (node == _local)
        {
            Refute(node, suspect.Incarnation);
            _context.Warn($"memberlist: Refuting a suspect message (from: {suspect.From})");
            return;
        }

        _counters = _counters with { Suspect = _counters.Suspect + 1 };
        _broadcasts.Queue(suspect.Node, suspect.Encode());
        node.Incarnation = suspect.Incarnation;
        ChangeState(node, NodeState.Suspect);
        StartSuspicion(node, suspect.From);
    }

    private void ApplyDead(Dead dead, Action? finished = null)
    {
        if (!_byName.TryGetValue(dead.Node, out NodeRecord? node) || dead.Incarnation < node.Incarnation)
        {
            return;
        }

        CancelSuspicion(node);
        if (node.IsDeadOrLeft)
        {
            return;
        }

        if (node == _local && !_left)
        {
            Refute(node, dead.Incarnation);
            _context.Warn($"memberlist: Refuting a dead message (from: {dead.From})");
            return;
        }

        _counters = _counters with { Dead = _counters.Dead + 1 };
        _broadcasts.Queue(dead.Node, dead.Encode(), finished);
        node.Incarnation = dead.Incarnation;
        ChangeState(node, dead.IsLeave ? NodeState.Left : NodeState.Dead);
        _delegate.NotifyLeave(node);
    }

    /// <summary>
    /// Says that we are alive, above whatever number was held against us. This is also how a restarted member, which counts
    /// from one again, gets past what its pool remembers of its former life.
    /// </summary>
    private void Refute(NodeRecord node, uint accusedIncarnation)
    {
        _incarnation = Math.Max(_incarnation + 1, accusedIncarnation + 1);
        node.Incarnation = _incarnation;
        _awareness.Apply(1);
        var alive = new Alive(_incarnation, node.Name, node.Addr, node.Port, node.Meta, node.Vsn);
        _broadcasts.Queue(node.Name, alive.Encode());
    }

    private bool IsAcceptable(in Alive alive, bool bootstrap)
    {
        if (alive.Addr.Length == 0)
        {
            _context.Warn($"memberlist: Ignoring an alive message for '{alive.Node}' without an address");
            return false;
        }

        byte[] vsn = alive.Vsn;
        if (vsn.Length >= 3 && (vsn[0] == 0 || vsn[1] == 0 || vsn[0] > vsn[1]))
        {
            _context.Warn(
                $"memberlist: Ignoring an alive message for '{alive.Node}' ({Show(alive)}) because protocol version(s) are wrong: {vsn[0]} <= {vsn[2]} <= {vsn[1]} should be >0");
            return false;
        }

        if (bootstrap || !_delegate.JudgesMembers)
        {
            return true;
        }

        string? refusal = vsn.Length < WireLimits.VersionBytes ? "Vsn is not present" : _delegate.RefuseAlive(alive);
        if (refusal is not null)
        {
            _context.Warn($"memberlist: ignoring alive message for '{alive.Node}' ({Show(alive)}): {refusal}");
        }

        return refusal is null;
    }

    private NodeRecord AddRecord(in Alive alive)
    {
        var node = new NodeRecord
        {
            Name = alive.Node, Addr = alive.Addr, Port = alive.Port, Meta = alive.Meta, StateChange = _context.Now,
        };
        if (alive.Vsn.Length >= WireLimits.VersionBytes)
        {
            node.Vsn = alive.Vsn[..WireLimits.VersionBytes];
        }

        // At a random place of the probing order: members that join together are not all probed together.
        _byName.Add(alive.Node, node);
        int place = _context.Random.Next(_nodes.Count);
        _nodes.Add(node);
        (_nodes[place], _nodes[^1]) = (_nodes[^1], _nodes[place]);
        return node;
    }

    /// <summary>A name may move to another address only once its former owner is gone.</summary>
    private bool TryTakeOver(NodeRecord node, in Alive alive, out bool takesOver)
    {
        takesOver = false;
        if (!IsAllowed(new IPAddress(alive.Addr)))
        {
            _context.Warn(
                $"memberlist: Rejected IP update from {node.Address} to {Show(alive)} for node {alive.Node}: {new IPAddress(alive.Addr)} is not allowed");
            return false;
        }

        bool reclaimable = _options.DeadNodeReclaimTime > TimeSpan.Zero
            && _context.Now - node.StateChange > _options.DeadNodeReclaimTime;
        if (node.State == NodeState.Left || (node.State == NodeState.Dead && reclaimable))
        {
            _context.Info($"memberlist: Updating address for left or failed node {node.Name} from {node.Address} to {Show(alive)}");
            takesOver = true;
            return true;
        }

        _context.Error(
            $"memberlist: Conflicting address for {node.Name}. Mine: {node.Address} Theirs: {Show(alive)} Old state: {node.State.ToString().ToLowerInvariant()}");
        _delegate.NotifyConflict(node, alive);
        return false;
    }

    private void StartSuspicion(NodeRecord node, string from)
    {
        int expected = Suspicion.ConfirmationsExpected(_options.SuspicionMult, _nodes.Count);
        TimeSpan min = Suspicion.TimeoutMin(_options.SuspicionMult, _nodes.Count, _options.ProbeInterval);
        TimeSpan max = min * _options.SuspicionMaxTimeoutMult;
        node.Suspicion = new SuspicionTimer(_context, from, expected, min, max, confirmations =>
        {
            node.Suspicion = null;
            _context.Info(
                $"memberlist: Marking {node.Name} as failed, suspect timeout reached ({confirmations} peer confirmations)");
            ApplyDead(new Dead(node.Incarnation, node.Name, _self.Name));
        });
    }

    private static void CancelSuspicion(NodeRecord node)
    {
        node.Suspicion?.Cancel();
        node.Suspicion = null;
    }

    private void ChangeState(NodeRecord node, NodeState state)
    {
        if (node.State != state)
        {
            (node.State, node.StateChange) = (state, _context.Now);
        }
    }

    private static bool SameBytes(byte[]? a, byte[]? b) => a.AsSpan().SequenceEqual(b);

    private static string Show(in Alive alive) =>
        new MemberAddress(new IPAddress(alive.Addr), alive.Port).ToString();
}
