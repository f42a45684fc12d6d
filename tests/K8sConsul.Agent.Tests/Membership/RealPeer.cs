using System.Collections.Concurrent;
using System.Diagnostics;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>A process of HashiCorp's that we must get along with. Killed when the test ends, whatever happened.</summary>
internal abstract class RealPeer : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    protected RealPeer(string program, IEnumerable<string> arguments)
    {
        _process = Start(program, arguments);
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Log => string.Join('\n', _output.TakeLast(60));

    public bool HasLogged(string text) => _output.Any(line => line.Contains(text));

    /// <summary>Full path of a program on the PATH, or null.</summary>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test without the peer, except on the build server, where its absence is a fault.</summary>
    public static string Require(string? path, string what)
    {
        if (path is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{what} is missing");
        }

        Assert.SkipWhen(path is null, $"{what} is missing");
        return path!;
    }

    /// <summary>Another process gives no sign when its view changes, so it is asked again and again.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < _patience, $"waited in vain for {what}; the peer's log:\n{Log}");
            Assert.False(_process.HasExited && waited.Elapsed > TimeSpan.FromSeconds(5), $"the peer has ended:\n{Log}");
            await Task.Delay(50, cancellation);
        }
    }

    /// <summary>No goodbye.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    protected static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"{program} does not start");
    }
}
