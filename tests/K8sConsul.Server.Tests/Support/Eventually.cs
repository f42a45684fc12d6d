using System.Diagnostics;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Waits for what other tasks bring about. The bound is for broken code, not for slow machines.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < _patience, $"has not happened: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TestContext.Current.CancellationToken);
        }
    }

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task InTimeAsync(this Task task) => task.WaitAsync(_patience, TestContext.Current.CancellationToken);

    public static Task<T> InTimeAsync<T>(this ValueTask<T> task) => task.AsTask().InTimeAsync();

    public static Task InTimeAsync(this ValueTask task) => task.AsTask().InTimeAsync();

    /// <summary>Ends a loop that runs until it is told to stop, and shows its failure if it had one.</summary>
    public static async Task EndAsync(this CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        try
        {
            await running.InTimeAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As asked.
        }
    }
}
