using System.Globalization;
using System.IO.Pipes;
using System.Text;
using K8sConsul.Go;
using K8sConsul.Posix;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>A program whose output is wanted: the function <c>plugin</c>.</summary>
internal static class PluginProgram
{
    /// <summary>The same as consul-template's.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>As much as a template may be.</summary>
    private const int OutputBytesMax = 64 * 1024 * 1024;

    /// <summary>What a program complains of is shown up to here.</summary>
    private const int ErrorBytesMax = 64 * 1024;

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The program, by path or looked for in PATH, and its arguments.</param>
    /// <param name="environment"><c>NAME=value</c>.</param>
    /// <param name="time">For the limit.</param>
    /// <param name="cancellationToken">The runner is being stopped; the program is killed.</param>
    /// <returns>Its output, without white space around.</returns>
    /// <exception cref="ProgramFailedException">It could not be started, took too long, printed too much, or ended with a code other than 0.</exception>
    public static async Task<string> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyList<string> environment, TimeProvider time, CancellationToken cancellationToken)
    {
        string shown = GoText.Quote(arguments[0]);
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var errors = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        await using (output.ConfigureAwait(false))
        await using (errors.ConfigureAwait(false))
        {
            SpawnedProgram program = Start(arguments, environment, output, errors, shown);
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<byte[]> text = ReadAsync(output, OutputBytesMax, shown, reading.Token);
            Task<byte[]> complaints = ReadAsync(errors, ErrorBytesMax, shown: null, reading.Token);
            try
            {
                await Task.WhenAll(text, complaints, program.Ended).WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException failure)
            {
                throw new ProgramFailedException($"exec {shown}: did not finish within {GoDuration.Format(Limit)}", failure);
            }
            finally
            {
                await program.EndAsync().ConfigureAwait(false);

                await reading.CancelAsync().ConfigureAwait(false);
                await ((Task)Task.WhenAll(text, complaints)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            int code = await program.Ended.ConfigureAwait(false);
            if (code == 0)
            {
                return Text(await text.ConfigureAwait(false));
            }

            string complaint = Text(await complaints.ConfigureAwait(false));
            throw new ProgramFailedException(string.Create(
                CultureInfo.InvariantCulture, $"exec {shown}: exit status {code}\n\nstderr:\n\n{complaint}"));
        }
    }

    private static SpawnedProgram Start(
        IReadOnlyList<string> arguments, IReadOnlyList<string> environment, AnonymousPipeServerStream output, AnonymousPipeServerStream errors,
        string shown)
    {
        try
        {
            SpawnedProgram program = SpawnedProgram.Start(new SpawnRequest(arguments)
            {
                Environment = environment,
                OwnGroup = true,
                EmptyInput = true,
                Output = (int)output.ClientSafePipeHandle.DangerousGetHandle(),
                Errors = (int)errors.ClientSafePipeHandle.DangerousGetHandle(),
            });

            // Only the program holds the writing ends now; without this they would never end.
            output.DisposeLocalCopyOfClientHandle();
            errors.DisposeLocalCopyOfClientHandle();
            return program;
        }
        catch (SpawnException failure)
        {
            throw new ProgramFailedException($"exec {shown}: {failure.Message}", failure);
        }
    }

    /// <param name="pipe">What to read to its end.</param>
    /// <param name="bytesMax">More is not kept.</param>
    /// <param name="shown">The program, which fails when there is more; null when the rest does not matter.</param>
    /// <param name="cancellationToken">Nobody wants it any more.</param>
    private static async Task<byte[]> ReadAsync(Stream pipe, int bytesMax, string? shown, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await pipe.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            int room = bytesMax - (int)text.Length;
            if (count > room && shown is not null)
            {
                throw new ProgramFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"exec {shown}: printed more than {bytesMax} bytes"));
            }

            text.Write(buffer, 0, Math.Min(count, room));
        }

        return text.ToArray();
    }

    private static string Text(byte[] bytes)
    {
        return Encoding.UTF8.GetString(bytes).Trim();
    }
}
