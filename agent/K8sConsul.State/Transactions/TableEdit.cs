using K8sConsul.State.Radix;

namespace K8sConsul.State.Transactions;

/// <summary>A table within a transaction: the original until the first change, an edit of it from then on.</summary>
internal struct TableEdit<T>(RadixTree<T> original)
    where T : class
{
    private RadixTransaction<T>? _edit;

    public readonly T? Get(ReadOnlySpan<byte> key) => _edit is null ? original.Get(key) : _edit.Get(key);

    /// <summary>The values under a prefix, copied, because the caller usually changes the table while it goes through them.</summary>
    public readonly List<T> List(ReadOnlySpan<byte> prefix)
    {
        var list = new List<T>();
        foreach (T value in (_edit?.Peek ?? original).Prefix(prefix))
        {
            list.Add(value);
        }

        return list;
    }

    public readonly bool HasPrefix(ReadOnlySpan<byte> prefix) => !(_edit?.Peek ?? original).Prefix(prefix).IsEmpty;

    public T? Set(ReadOnlySpan<byte> key, T value) => (_edit ??= original.Edit()).Set(key, value);

    public T? Remove(ReadOnlySpan<byte> key) => Get(key) is null ? null : (_edit ??= original.Edit()).Remove(key);

    public List<T> RemovePrefix(ReadOnlySpan<byte> prefix) =>
        HasPrefix(prefix) ? (_edit ??= original.Edit()).RemovePrefix(prefix) : [];

    public readonly RadixTree<T> Commit() => _edit is null ? original : _edit.Tree();

    public readonly void Notify() => _edit?.Notify();
}
