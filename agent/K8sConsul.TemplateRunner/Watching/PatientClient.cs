using K8sConsul.Contracts.Client;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>Sends with a limit: a connection that has silently died would otherwise never be missed.</summary>
internal sealed class PatientClient(ConsulClient client, TimeProvider time)
{
    /// <summary>What an answer may take beyond the time to wait.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Servers wait no longer, whatever they are asked.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);

    /// <param name="request">What is asked.</param>
    /// <param name="wait">How long the query may block; servers add up to a sixteenth.</param>
    /// <param name="cancellationToken">Nobody wants the answer any more.</param>
    /// <exception cref="ConsulException">No answer in time is one too.</exception>
    public async ValueTask<ConsulReply<T>> SendAsync<T>(ConsulRequest<T> request, TimeSpan wait, CancellationToken cancellationToken)
    {
        TimeSpan blocking = wait < WaitMax ? wait : WaitMax;
        using var limit = new CancellationTokenSource((blocking * 17 / 16) + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await client.SendAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConsulException("i/o timeout", failure);
        }
    }

    public ValueTask<ConsulReply<T>> SendAsync<T>(ConsulRequest<T> request, CancellationToken cancellationToken)
    {
        return SendAsync(request, TimeSpan.Zero, cancellationToken);
    }
}
