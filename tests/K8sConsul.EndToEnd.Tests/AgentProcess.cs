using System.Diagnostics;
using System.Globalization;
using System.Text;
using K8sConsul.Tests;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>A real agent process of ours with a place of its own, which it keeps over restarts.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    /// <summary>Generous, because CI machines are slow and shared; nothing waits longer than it must.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string[] _arguments;
    private readonly StringBuilder _log = new();
    private Process? _process;

    public AgentProcess(string name, string directory, params string[] arguments)
    {
        Name = name;
        Address = "127.0.0.1";
        HttpPort = Ports.Take();
        DnsPort = Ports.Take();
        ServerPort = Ports.Take();
        LanPort = Ports.Take();
        WanPort = Ports.Take();
        DataDirectory = Path.Combine(directory, name);
        _arguments =
        [
            "agent", "-node=" + name, "-bind=127.0.0.1", "-data-dir=" + DataDirectory,
            Flag("-http-port", HttpPort), Flag("-dns-port", DnsPort), Flag("-server-port", ServerPort), Flag("-serf-lan-port", LanPort),
            Flag("-serf-wan-port", WanPort), "-retry-interval=1s", "-hcl=performance { raft_multiplier = 1 }", .. arguments,
        ];
        Http = Client();
    }

    private AgentProcess(string name, string address, string dataDirectory, IEnumerable<string> arguments)
    {
        Name = name;
        DataDirectory = dataDirectory;
        Address = address;
        HttpPort = 8500;
        DnsPort = 8600;
        ServerPort = 8300;
        LanPort = 8301;
        WanPort = 8302;
        _arguments = ["agent", "-node=" + name, "-bind=" + address, "-client=" + address, .. arguments];
        Http = Client();
    }

    /// <summary>An agent of either program, ours or the real one, at an address of its own and on the ports that everybody knows.</summary>
    /// <remarks>A factory, since a constructor of strings only would be chosen for the other one's arguments too.</remarks>
    public static AgentProcess At(string address, string program, string name, string directory, string[] arguments) =>
        new(name, address, Path.Combine(directory, name), arguments.Prepend("-data-dir=" + Path.Combine(directory, name))) { Executable = program };

    public static string Program { get; } = TestedProgram.Find();

    /// <summary>Ours, unless a test wants the real program in the same place.</summary>
    public string Executable { get; init; } = Program;

    /// <summary>A program that starts the agent, e.g. as another user, and becomes it.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    public string Name { get; }

    public string Address { get; }

    public string DataDirectory { get; }

    public int HttpPort { get; }

    public int DnsPort { get; }

    public int ServerPort { get; }

    public int LanPort { get; }

    public int WanPort { get; }

    public HttpClient Http { get; }

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => _process!.Id;

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

    public string RpcAddress => string.Create(CultureInfo.InvariantCulture, $"{Address}:{ServerPort}");

    public string LanAddress => string.Create(CultureInfo.InvariantCulture, $"{Address}:{LanPort}");

    public void Start()
    {
        string[] command = [.. Launcher, Executable, .. _arguments];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("cannot start " + Executable);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits until it knows a leader, which a lone server is itself.</summary>
    public async Task StartWithLeaderAsync()
    {
        Start();
        await Eventually.TrueAsync("a leader is known", async () => (await Http.GetStringAsync("/v1/status/leader")).Length > 2, () => Log);
    }

    public async Task PutKeyAsync(string key, string value)
    {
        using HttpResponseMessage answer = await Http.PutAsync("/v1/kv/" + key, new ByteArrayContent(Encoding.UTF8.GetBytes(value)));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> SignalAsync(string signal)
    {
        await SendSignalAsync(signal);
        return await EndAsync();
    }

    /// <summary>A signal that the process is to outlive.</summary>
    public async Task SendSignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself; its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process?.Dispose();
        Http.Dispose();
    }

    private HttpClient Client() =>
        new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{Address}:{HttpPort}")), Timeout = Patience };

    private static string Flag(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }
}
