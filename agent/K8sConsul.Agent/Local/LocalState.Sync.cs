namespace K8sConsul.Agent.Local;

/// <summary>What anti-entropy does to the state: it corrects marks, and sets them when a request was answered.</summary>
public sealed partial class LocalState
{
    /// <summary>Compares with the catalog and corrects the marks.</summary>
    internal void Reconcile(RemoteNode remote)
    {
        List<TaskCompletionSource>? woken = null;
        lock (_lock)
        {
            LocalSnapshot before = _current;
            NodeInfo node = _node ?? throw new InvalidOperationException("the node's row is not known yet");
            LocalSnapshot after = SyncComparison.Reconcile(before, node, remote, _options.CheckUpdateInterval > TimeSpan.Zero);
            foreach ((string id, LocalService service) in after.Services)
            {
                if (!string.Equals(service.ContentHash, before.Services[id].ContentHash, StringComparison.Ordinal))
                {
                    TakeWaiters(id, ref woken);
                }
            }

            _current = after;
        }

        Wake(woken);
    }

    internal void MarkNodeInfoInSync(NodeInfo sent)
    {
        lock (_lock)
        {
            if (sent.Equals(_node))
            {
                _current = _current with { NodeInfoInSync = true };
            }
        }
    }

    /// <summary>Marks what was sent, unless it has changed since.</summary>
    internal void MarkInSync(LocalService? service, IEnumerable<LocalCheck> checks)
    {
        lock (_lock)
        {
            LocalSnapshot next = _current;
            if (service is not null && next.Services.TryGetValue(service.Id, out LocalService? current) && current.Revision == service.Revision)
            {
                next = next.WithService(current with { InSync = true });
            }

            foreach (LocalCheck sent in checks)
            {
                if (next.Checks.TryGetValue(sent.Id, out LocalCheck? check) && check.Revision == sent.Revision)
                {
                    // Its output went out with it, so that nothing waits any more.
                    CancelDeferral(sent.Id);
                    next = next.WithCheck(check with { InSync = true, OutputDeferred = false });
                }
            }

            _current = next;
        }
    }

    /// <summary>The catalog no longer has the service, nor its checks.</summary>
    internal void ForgetDeletedService(string id)
    {
        lock (_lock)
        {
            _current = _current with
            {
                DeletedServices = _current.DeletedServices.Remove(id),
                DeletedChecks = _current.DeletedChecks.RemoveRange(_current.DeletedChecks.Where(c => string.Equals(c.Value, id, StringComparison.Ordinal)).Select(static c => c.Key)),
            };
        }
    }

    internal void ForgetDeletedCheck(string id)
    {
        lock (_lock)
        {
            _current = _current with { DeletedChecks = _current.DeletedChecks.Remove(id) };
        }
    }
}
