using System.Diagnostics;

namespace K8sConsul.Chaos.Cluster;

/// <summary>A program of the system that is run to its end.</summary>
internal static class Command
{
    public static async Task RunAsync(string program, params string[] arguments)
    {
        (int code, string text) = await TryAsync(program, arguments);
        if (code != 0)
        {
            throw new ChaosException($"{program} {string.Join(' ', arguments)}: {text}");
        }
    }

    public static async Task<(int Code, string Text)> TryAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start) ?? throw new ChaosException("cannot start " + program);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output + error).Trim());
    }
}
