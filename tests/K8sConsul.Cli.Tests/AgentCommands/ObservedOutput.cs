using System.Text;

namespace K8sConsul.Cli.Tests.AgentCommands;

/// <summary>A stream whose text a test may read, and wait for, while others write.</summary>
internal sealed class ObservedOutput : MemoryStream
{
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Written)> _waiting = [];

    public string Content
    {
        get
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(ToArray());
            }
        }
    }

    /// <summary>Ends when the text has been written.</summary>
    public Task Written(string text)
    {
        lock (_lock)
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, written));
            Notify();
            return written.Task;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            SetLength(0);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            base.Write(buffer.ToArray(), 0, buffer.Length);
            Notify();
        }
    }

    private void Notify()
    {
        string content = Encoding.UTF8.GetString(ToArray());
        foreach ((string text, TaskCompletionSource written) in _waiting)
        {
            if (content.Contains(text, StringComparison.Ordinal))
            {
                written.TrySetResult();
            }
        }
    }
}
