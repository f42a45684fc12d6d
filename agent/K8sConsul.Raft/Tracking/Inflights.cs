namespace K8sConsul.Raft;

/// <summary>AppendEntries on the way to one follower, oldest first: the sliding window that bounds pipelining.</summary>
internal sealed class Inflights(int messagesMax, long bytesMax)
{
    private readonly Queue<(LogIndex Last, long Bytes)> _messages = new();
    private long _bytes;

    public int Count => _messages.Count;

    /// <summary>One message may overrun the bytes, or an entry larger than the window would never go.</summary>
    public bool IsFull => _messages.Count >= messagesMax || _bytes >= bytesMax;

    public void Add(LogIndex last, long bytes)
    {
        Invariant.Require(!IsFull, $"message up to {last} was sent into a full window");
        _messages.Enqueue((last, bytes));
        _bytes += bytes;
    }

    /// <summary>Entries up to <paramref name="index"/> have arrived; so have all earlier messages.</summary>
    public void FreeTo(LogIndex index)
    {
        while (_messages.TryPeek(out (LogIndex Last, long Bytes) oldest) && oldest.Last <= index)
        {
            _messages.Dequeue();
            _bytes -= oldest.Bytes;
        }
    }

    public void Clear()
    {
        _messages.Clear();
        _bytes = 0;
    }
}
