using System.Diagnostics;
using System.Text;
using K8sConsul.Cli.Tests.GoFlags;

namespace K8sConsul.Cli.Tests.Transcripts;

internal sealed record RunResult(string Output, string Error, int ExitCode);

/// <summary>Runs one invocation with either program.</summary>
internal static class Runs
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>On a thread of its own: a command blocks until its agent answers, and the agent is often a task of the same pool.</summary>
    public static Task<RunResult> OursAsync(ProgramRun invocation, Normaliser words, string address)
    {
        return Task.Factory.StartNew(
            () => Ours(invocation, words, address), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static RunResult Ours(ProgramRun invocation, Normaliser words, string address)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CONSUL_HTTP_ADDR"] = address };
        foreach (string variable in invocation.Variables)
        {
            int equals = variable.IndexOf('=');
            environment[variable[..equals]] = variable[(equals + 1)..];
        }

        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(invocation.Input ?? string.Empty));
        var terminal = new Terminal(output, error, () => input, environment.GetValueOrDefault, TimeProvider.System);
        int code = CommandLine.Run([.. invocation.Arguments.Select(words.Restore)], terminal);
        return Normalise(words, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()), code);
    }

    public static async Task<RunResult> RealAsync(ProgramRun invocation, Normaliser words, string address)
    {
        var start = new ProcessStartInfo(RealConsul.Locate(), invocation.Arguments.Select(words.Restore))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["CONSUL_HTTP_ADDR"] = address;
        foreach (string variable in invocation.Variables)
        {
            int equals = variable.IndexOf('=');
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }

        using var limit = new CancellationTokenSource(_patience);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(invocation.Input ?? string.Empty);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        return Normalise(words, await output, await error, process.ExitCode);
    }

    private static RunResult Normalise(Normaliser words, string output, string error, int code)
    {
        return new RunResult(HelpSkeleton.Of(words.Apply(output)), HelpSkeleton.Of(words.Apply(error)), code);
    }
}
