using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Model;

internal sealed partial class ModelState
{
    private ModelOutcome RunKv(string verb, KvRecord entry)
    {
        KvRecord? before = Kv.GetValueOrDefault(entry.Key);
        switch (verb)
        {
            case KvVerb.Set:
                Store(entry with { Session = before?.Session ?? string.Empty });
                return ModelOutcome.Done;
            case KvVerb.Cas:
                if ((before?.ModifyIndex ?? 0) != entry.ModifyIndex)
                {
                    return ModelOutcome.Lost;
                }

                Store(entry with { Session = before?.Session ?? string.Empty });
                return ModelOutcome.Done;
            case KvVerb.Lock:
                if (!Sessions.ContainsKey(Fold(entry.Session)))
                {
                    return ModelOutcome.Of(done: false);
                }

                if (before is { Session.Length: > 0 } && before.Session != entry.Session)
                {
                    return ModelOutcome.Lost;
                }

                bool ours = before is { Session.Length: > 0 };
                Store(entry with { LockIndex = (before?.LockIndex ?? 0) + (ours ? 0UL : 1) });
                return ModelOutcome.Done;
            case KvVerb.Unlock:
                if (entry.Session.Length == 0)
                {
                    return ModelOutcome.Of(done: false);
                }

                if (before?.Session != entry.Session)
                {
                    return ModelOutcome.Lost;
                }

                Store(entry with { Session = string.Empty, LockIndex = before.LockIndex });
                return ModelOutcome.Done;
            case KvVerb.Delete:
                Forget(entry.Key);
                return ModelOutcome.Done;
            case KvVerb.DeleteCas:
                if (before is not null && before.ModifyIndex != entry.ModifyIndex)
                {
                    return ModelOutcome.Lost;
                }

                Forget(entry.Key);
                return ModelOutcome.Done;
            case KvVerb.DeleteTree:
                List<string> below = [.. Kv.Keys.Where(key => key.StartsWith(entry.Key, StringComparison.Ordinal))];
                if (below.Count > 0)
                {
                    below.ForEach(key => Kv.Remove(key));
                    foreach (string key in Tombstones.Keys.Where(key => key.StartsWith(entry.Key, StringComparison.Ordinal)).ToList())
                    {
                        Tombstones.Remove(key);
                    }

                    if (entry.Key.Length > 0)
                    {
                        Tombstones[entry.Key] = _index;
                    }
                }

                return ModelOutcome.Done;
            default:
                return ModelOutcome.Of(done: false);
        }
    }

    private void Store(KvRecord entry)
    {
        KvRecord? before = Kv.GetValueOrDefault(entry.Key);
        if (before is null || Text(before with { CreateIndex = 0, ModifyIndex = 0 }) != Text(entry with { CreateIndex = 0, ModifyIndex = 0 }))
        {
            Kv[entry.Key] = entry with { CreateIndex = before?.CreateIndex ?? _index, ModifyIndex = _index };
        }
    }

    private void Forget(string key)
    {
        if (Kv.Remove(key))
        {
            Tombstones[key] = _index;
        }
    }

    private bool CreateSession(SessionRecord session)
    {
        if (!Nodes.ContainsKey(Fold(session.Node))
            || session.CheckIds().Any(id => Checks.GetValueOrDefault((Fold(session.Node), Fold(id))) is null or { Status: CheckStatus.Critical }))
        {
            return false;
        }

        Sessions[Fold(session.Id)] = session with { CreateIndex = _index, ModifyIndex = _index };
        return true;
    }

    private void EndSessionsOf(string node, string check)
    {
        foreach (string id in Sessions.Where(entry => SameName(entry.Value.Node, node) && entry.Value.CheckIds().Any(own => SameName(own, check)))
            .Select(entry => entry.Key).ToList())
        {
            EndSession(id);
        }
    }

    private void EndSession(string foldedId)
    {
        if (!Sessions.Remove(foldedId, out SessionRecord? session))
        {
            return;
        }

        foreach (KvRecord held in Kv.Values.Where(entry => Fold(entry.Session) == foldedId).ToList())
        {
            if (session.Behavior == SessionBehavior.Delete)
            {
                Forget(held.Key);
            }
            else
            {
                Store(held with { Session = string.Empty });
            }

            TimeSpan delay = session.LockDelay < _lockDelayMax ? session.LockDelay : _lockDelayMax;
            if (delay > TimeSpan.Zero)
            {
                DelayedKeys.Add($"{held.Key} {delay}");
            }
        }
    }

    /// <returns>False when the operation fails.</returns>
    private bool RunOperation(TxnOperation operation)
    {
        switch (operation)
        {
            case TxnKvOperation kv:
                KvRecord? entry = Kv.GetValueOrDefault(kv.Entry.Key);
                return kv.Verb switch
                {
                    KvVerb.Get => entry is not null,
                    KvVerb.GetTree => true,
                    KvVerb.CheckNotExists => entry is null,
                    KvVerb.CheckIndex => entry?.ModifyIndex == kv.Entry.ModifyIndex,
                    KvVerb.CheckSession => entry?.Session == kv.Entry.Session,
                    _ => RunKv(kv.Verb, kv.Entry) is { Succeeded: true },
                };
            case TxnNodeOperation node:
                return RunOperation(
                    node.Verb,
                    Nodes.GetValueOrDefault(Fold(node.Node.Node))?.ModifyIndex,
                    node.Node.ModifyIndex,
                    get: () => node.Node.Id.Length == 0
                        ? Nodes.ContainsKey(Fold(node.Node.Node))
                        : Nodes.Values.Any(other => SameName(other.Id, node.Node.Id)),
                    set: () => SetNode(node.Node),
                    delete: () => DeleteNode(node.Node.Node));
            case TxnServiceOperation service:
                ulong? at = Services.GetValueOrDefault((Fold(service.Service.Node), Fold(service.Service.Id)))?.ModifyIndex;
                return RunOperation(
                    service.Verb,
                    at,
                    service.Service.ModifyIndex,
                    get: () => at is not null,
                    set: () => SetService(service.Service),
                    delete: () => DeleteService(service.Service.Node, service.Service.Id));
            case TxnCheckOperation check:
                ulong? present = Checks.GetValueOrDefault((Fold(check.Check.Node), Fold(check.Check.CheckId)))?.ModifyIndex;
                return RunOperation(
                    check.Verb,
                    present,
                    check.Check.ModifyIndex,
                    get: () => present is not null,
                    set: () => SetCheck(check.Check),
                    delete: () => DeleteCheck(check.Check.Node, check.Check.CheckId));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static bool RunOperation(string verb, ulong? present, ulong expected, Func<bool> get, Func<bool> set, Action delete)
    {
        switch (verb)
        {
            case CatalogVerb.Get:
                return get();
            case CatalogVerb.Set:
                return set();
            case CatalogVerb.Cas:
                return (present ?? 0) == expected && set();
            case CatalogVerb.Delete:
                delete();
                return true;
            case CatalogVerb.DeleteCas when present is not null && present == expected:
                delete();
                return true;
            default:
                return false;
        }
    }
}
