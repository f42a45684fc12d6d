using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Go;
using K8sConsul.Posix;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>Runs a program: exit code 0 is passing, 1 warning, anything else critical. A run that takes too long is killed with its children.</summary>
public sealed class ScriptProbe(TimeProvider time) : IProbe
{
    /// <summary>What a killed program's children outside its group may still hold the output open for; then it is closed.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        TailBuffer tail = new(outputMax);
        SpawnedProcess process;
        try
        {
            process = SpawnedProcess.Start(check.ScriptArgs);
        }
        catch (SpawnException e)
        {
            return CheckResult.Critical(e.Message);
        }

        await using (process.ConfigureAwait(false))
        {
            TimeSpan timeout = ProbeTimeout.Of(check, ProbeTimeout.Script);
            using CancellationTokenSource limit = new(timeout, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
            try
            {
                // Both, as in Go: a program whose children still write has not ended for us.
                await CopyAsync(process.Output, tail, either.Token).ConfigureAwait(false);
                int exitCode = await process.WaitAsync(either.Token).ConfigureAwait(false);
                return new CheckResult(
                    exitCode switch
                    {
                        0 => CheckStatus.Passing,
                        1 => CheckStatus.Warning,
                        _ => CheckStatus.Critical,
                    },
                    Text(tail));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                process.KillGroup();
                await DrainAsync(process.Output, tail, stop).ConfigureAwait(false);
                string text = $"Timed out ({GoDuration.Format(timeout)}) running check";
                string output = Text(tail);
                return CheckResult.Critical(output.Length > 0 ? $"{text}\n\n{output}" : text);
            }
        }
    }

    private static string Text(TailBuffer tail) =>
        tail.Total > tail.Limit ? $"Captured {tail.Limit} of {tail.Total} bytes\n...\n{tail}" : tail.ToString();

    private async Task DrainAsync(Stream output, TailBuffer tail, CancellationToken stop)
    {
        using CancellationTokenSource limit = new(DrainLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await CopyAsync(output, tail, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A child has left the group and keeps the pipe: it is not ours to kill, and not ours to wait for.
        }
    }

    private static async Task CopyAsync(Stream output, TailBuffer tail, CancellationToken stop)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int count;
            while ((count = await output.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
            {
                tail.Write(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
