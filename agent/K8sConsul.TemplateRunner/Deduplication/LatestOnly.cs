using System.Threading.Channels;

namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>A place for one value: a new one takes the place of one that was not taken yet.</summary>
internal sealed class LatestOnly<T>
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Offer(T value)
    {
        _channel.Writer.TryWrite(value);
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        return _channel.Reader.TryRead(out value);
    }

    public ValueTask<T> TakeAsync(CancellationToken cancellationToken)
    {
        return _channel.Reader.ReadAsync(cancellationToken);
    }
}
