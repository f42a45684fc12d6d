using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>The published program as <c>consul template</c>, in a folder of its own.</summary>
internal sealed class TemplateProcess : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly Process _process;

    private TemplateProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <param name="folder">Where it runs.</param>
    /// <param name="address">Of the agent.</param>
    /// <param name="arguments">Behind <c>consul template</c>.</param>
    /// <param name="variables">Beside this process's own, without its <c>CONSUL_</c> ones.</param>
    public static TemplateProcess Start(string folder, string address, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(AgentProcess.Program, ["template", "-log-level=debug", .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("CONSUL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["CONSUL_HTTP_ADDR"] = address;
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new TemplateProcess(Process.Start(start) ?? throw new InvalidOperationException("cannot start " + AgentProcess.Program));
    }

    /// <summary>Waits for a line with this in it; of several times the given one.</summary>
    public Task SaysAsync(string text, int times = 1)
    {
        return Eventually.TrueAsync(
            $"the log has \"{text}\" {times.ToString(CultureInfo.InvariantCulture)} times",
            () => Log.Split(text).Length > times
                ? Task.FromResult(true)
                : !_process.HasExited ? Task.FromResult(false) : throw new InvalidOperationException($"ended with {_process.ExitCode}:\n{Log}"),
            () => Log);
    }

    public async Task SendAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(AgentProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async Task<int> SignalAsync(string signal)
    {
        await SendAsync(signal);
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its child goes with it, which a kill would leave behind.
            await SignalAsync("TERM");
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }
}
