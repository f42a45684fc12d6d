using K8sConsul.Go;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    /// <summary>
    /// Runs operations in order. All are tried, so that every failing one is reported; with any failure the caller throws
    /// the transaction away.
    /// </summary>
    public (List<TxnResult> Results, List<TxnError> Errors) Run(IReadOnlyList<TxnOperation> operations)
    {
        var results = new List<TxnResult>();
        var errors = new List<TxnError>();
        for (int i = 0; i < operations.Count; i++)
        {
            string? refused = operations[i] switch
            {
                TxnKvOperation kv => RunKv(kv, results),
                TxnNodeOperation node => RunNode(node, results),
                TxnServiceOperation service => RunService(service, results),
                TxnCheckOperation check => RunCheck(check, results),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            if (refused is not null)
            {
                errors.Add(new TxnError(i, refused));
            }
        }

        return (results, errors);
    }

    private string? RunKv(TxnKvOperation operation, List<TxnResult> results)
    {
        KvRecord entry = operation.Entry;
        string key = GoText.Quote(entry.Key);
        KvRecord? stored = null;
        switch (operation.Verb)
        {
            case KvVerb.Set:
                stored = KvSet(entry);
                break;
            case KvVerb.Cas:
                if (!KvSetCas(entry, entry.ModifyIndex, out stored))
                {
                    return $"failed to set key {key}, index is stale";
                }

                break;
            case KvVerb.Lock:
                if (KvLock(entry, out bool acquired, out stored) is { } lockRefused)
                {
                    return lockRefused;
                }

                if (!acquired)
                {
                    return $"failed to lock key {key}, lock is already held";
                }

                break;
            case KvVerb.Unlock:
                if (KvUnlock(entry, out bool released, out stored) is { } unlockRefused)
                {
                    return unlockRefused;
                }

                if (!released)
                {
                    return $"failed to unlock key {key}, lock isn't held, or is held by another session";
                }

                break;
            case KvVerb.Delete:
                KvDelete(entry.Key);
                return null;
            case KvVerb.DeleteTree:
                KvDeleteTree(entry.Key);
                return null;
            case KvVerb.DeleteCas:
                return KvDeleteCas(entry.Key, entry.ModifyIndex) ? null : $"failed to delete key {key}, index is stale";
            default:
                return RunKvRead(operation, key, results);
        }

        // Writes report the entry without its value: the client knows it.
        results.Add(new TxnResult(Kv: stored! with { Value = [] }));
        return null;
    }

    private string? RunKvRead(TxnKvOperation operation, string key, List<TxnResult> results)
    {
        KvRecord wanted = operation.Entry;
        KvRecord? existing = KvGet(wanted.Key);
        switch (operation.Verb)
        {
            case KvVerb.Get:
                if (existing is null)
                {
                    return $"key {key} doesn't exist";
                }

                results.Add(new TxnResult(Kv: existing));
                return null;
            case KvVerb.GetTree:
                foreach (KvRecord entry in KvList(wanted.Key))
                {
                    results.Add(new TxnResult(Kv: entry));
                }

                return null;
            case KvVerb.CheckNotExists:
                return existing is null ? null : $"key {key} exists";
            case KvVerb.CheckIndex:
                if (existing is null)
                {
                    return $"failed to check index, key {key} doesn't exist";
                }

                if (existing.ModifyIndex != wanted.ModifyIndex)
                {
                    return $"failed index check for key {key}, current modify index {existing.ModifyIndex} != {wanted.ModifyIndex}";
                }

                results.Add(new TxnResult(Kv: existing with { Value = [] }));
                return null;
            case KvVerb.CheckSession:
                if (existing is null)
                {
                    return $"failed to check session, key {key} doesn't exist";
                }

                if (!string.Equals(existing.Session, wanted.Session, StringComparison.Ordinal))
                {
                    return $"failed session check for key {key}, current session {GoText.Quote(existing.Session)} != {GoText.Quote(wanted.Session)}";
                }

                results.Add(new TxnResult(Kv: existing with { Value = [] }));
                return null;
            default:
                return $"unknown KV verb {GoText.Quote(operation.Verb)}";
        }
    }

    private string? RunNode(TxnNodeOperation operation, List<TxnResult> results)
    {
        NodeRecord node = operation.Node;
        NodeRecord? existing = Node(node.Node);
        string name = GoText.Quote(node.Node);
        switch (operation.Verb)
        {
            case CatalogVerb.Get:
                // Only here an ID counts, and then it alone.
                if ((node.Id.Length > 0 ? NodeById(node.Id) : existing) is not { } found)
                {
                    return $"node {name} doesn't exist";
                }

                results.Add(new TxnResult(Node: found));
                return null;
            case CatalogVerb.Cas when !Matches(existing?.ModifyIndex, node.ModifyIndex):
                return $"failed to set node {name}, index is stale";
            case CatalogVerb.Set:
            case CatalogVerb.Cas:
                if (EnsureNode(node) is { } refused)
                {
                    return refused;
                }

                results.Add(new TxnResult(Node: Node(node.Node)));
                return null;
            case CatalogVerb.DeleteCas when existing?.ModifyIndex != node.ModifyIndex:
                return $"failed to delete node {name}, index is stale";
            case CatalogVerb.Delete:
            case CatalogVerb.DeleteCas:
                DeleteNode(node.Node);
                return null;
            default:
                return $"unknown Node verb {GoText.Quote(operation.Verb)}";
        }
    }

    private string? RunService(TxnServiceOperation operation, List<TxnResult> results)
    {
        ServiceRecord service = operation.Service;
        ServiceRecord? existing = Service(service.Node, service.Id);
        string place = $"service {GoText.Quote(service.Id)} on node {GoText.Quote(service.Node)}";
        switch (operation.Verb)
        {
            case CatalogVerb.Get:
                if (existing is null)
                {
                    return place + " doesn't exist";
                }

                results.Add(new TxnResult(Service: existing));
                return null;
            case CatalogVerb.Cas when !Matches(existing?.ModifyIndex, service.ModifyIndex):
                return $"failed to set {place}, index is stale";
            case CatalogVerb.Set:
            case CatalogVerb.Cas:
                if (EnsureService(service) is { } refused)
                {
                    return refused;
                }

                results.Add(new TxnResult(Service: Service(service.Node, service.Id)));
                return null;
            case CatalogVerb.DeleteCas when existing?.ModifyIndex != service.ModifyIndex:
                return $"failed to delete {place}, index is stale";
            case CatalogVerb.Delete:
            case CatalogVerb.DeleteCas:
                DeleteService(service.Node, service.Id);
                return null;
            default:
                return $"unknown Service verb {GoText.Quote(operation.Verb)}";
        }
    }

    private string? RunCheck(TxnCheckOperation operation, List<TxnResult> results)
    {
        CheckRecord check = operation.Check;
        CheckRecord? existing = Check(check.Node, check.CheckId);
        string place = $"check {GoText.Quote(check.CheckId)} on node {GoText.Quote(check.Node)}";
        switch (operation.Verb)
        {
            case CatalogVerb.Get:
                if (existing is null)
                {
                    return place + " doesn't exist";
                }

                results.Add(new TxnResult(Check: existing));
                return null;
            case CatalogVerb.Cas when !Matches(existing?.ModifyIndex, check.ModifyIndex):
                return $"failed to set {place}, index is stale";
            case CatalogVerb.Set:
            case CatalogVerb.Cas:
                if (EnsureCheck(check) is { } refused)
                {
                    return refused;
                }

                results.Add(new TxnResult(Check: Check(check.Node, check.CheckId)));
                return null;
            case CatalogVerb.DeleteCas when existing?.ModifyIndex != check.ModifyIndex:
                return $"failed to delete {place}, index is stale";
            case CatalogVerb.Delete:
            case CatalogVerb.DeleteCas:
                DeleteCheck(check.Node, check.CheckId);
                return null;
            default:
                return $"unknown Check verb {GoText.Quote(operation.Verb)}";
        }
    }

    /// <summary>Index 0 expects absence.</summary>
    private static bool Matches(ulong? existing, ulong expected) => expected == 0 ? existing is null : existing == expected;
}
