using System.Diagnostics;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>What a command printed and ended with.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Error);

/// <summary>A terminal: a folder of its own, <c>consul</c> on the PATH, nothing of the caller's Consul environment.</summary>
internal sealed class Shell : IDisposable
{
    /// <summary>No command of a tutorial takes longer; one that hangs is ended and reported.</summary>
    private static readonly TimeSpan _longestCommand = TimeSpan.FromMinutes(2);

    private readonly string _programs;
    private readonly Dictionary<string, string> _variables;

    /// <param name="consul">The program that <c>consul</c> is here.</param>
    public Shell(string consul, Dictionary<string, string>? variables = null)
    {
        _variables = variables ?? [];
        Directory = System.IO.Directory.CreateTempSubdirectory("k8sconsul-shell-").FullName;
        _programs = System.IO.Directory.CreateTempSubdirectory("k8sconsul-bin-").FullName;
        Provide("consul", consul);
    }

    public string Directory { get; }

    public void Provide(string name, string program) => File.CreateSymbolicLink(Path.Combine(_programs, name), program);

    public async Task<ShellResult> RunAsync(string command, params (string Name, string Value)[] variables)
    {
        using Process process = Start(command, variables);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var tooLong = new CancellationTokenSource(_longestCommand);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"not done after {_longestCommand.TotalSeconds:0} s: {command}\n{await output}{await error}", late);
        }

        return new ShellResult(process.ExitCode, await output, await error);
    }

    /// <summary>For commands that run until something happens. The caller ends what it starts.</summary>
    public Process Start(string command, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            WorkingDirectory = Directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("CONSUL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = _programs + Path.PathSeparator + start.Environment["PATH"];
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        foreach ((string name, string value) in _variables.Select(pair => (pair.Key, pair.Value)).Concat(variables))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("cannot start /bin/sh");
    }

    public void Dispose()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        System.IO.Directory.Delete(_programs, recursive: true);
    }
}
