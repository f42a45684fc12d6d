using System.Diagnostics;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>Waits for something that other processes bring about. Asks again and again; a time-out says what had not happened.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, Func<string>? explain = null, TimeSpan? patience = null)
        where T : class
    {
        TimeSpan longest = patience ?? AgentProcess.Patience;
        long started = Stopwatch.GetTimestamp();
        string last = "no answer";
        while (Stopwatch.GetElapsedTime(started) < longest)
        {
            try
            {
                if (await ask() is { } found)
                {
                    return found;
                }

                last = "not yet";
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
            {
                last = failure.Message;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"{what}: not within {longest.TotalSeconds:0} s ({last}) {explain?.Invoke()}");
    }

    public static Task TrueAsync(string what, Func<Task<bool>> ask, Func<string>? explain = null, TimeSpan? patience = null) =>
        GetAsync(what, async () => await ask() ? "yes" : null, explain, patience);
}
