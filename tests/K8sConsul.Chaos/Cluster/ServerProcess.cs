using System.Diagnostics;
using System.Globalization;

namespace K8sConsul.Chaos.Cluster;

/// <summary>A real server at a place of its own, which it keeps over restarts.</summary>
internal sealed class ServerProcess : IDisposable
{
    // Snapshots and short logs, so that a server that was away gets the state and not only the entries.
    private const string Configuration =
        "performance { raft_multiplier = 1 } raft_snapshot_interval = \"5s\" raft_snapshot_threshold = 500 raft_trailing_logs = 200 disable_update_check = true";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string[] _command;
    private Process? _process;
    private volatile bool _isWanted;

    public ServerProcess(int number, Network network, string program, string reportPath)
    {
        Number = number;
        Name = string.Create(CultureInfo.InvariantCulture, $"server{number + 1}");
        Address = network.Address(number);
        LogPath = Path.Combine(reportPath, Name + ".log");
        IEnumerable<string> others = Enumerable.Range(0, network.Servers).Where(n => n != number).Select(n => "-retry-join=" + network.Address(n));
        string script = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
        _command =
        [
            "/bin/sh", "-c", script, "sh", LogPath, .. network.Inside(number), program, "agent", "-server",
            string.Create(CultureInfo.InvariantCulture, $"-bootstrap-expect={network.Servers}"), "-node=" + Name, "-bind=" + Address, "-client=" + Address,
            "-data-dir=" + Path.Combine(reportPath, "data", Name), "-retry-interval=1s", "-hcl=" + Configuration, .. others,
        ];
    }

    public int Number { get; }

    public string Name { get; }

    public string Address { get; }

    public string LogPath { get; }

    /// <summary>How often it was started: what a server promises about stale reads holds between two starts.</summary>
    public int Starts { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>It has ended though nobody ended it.</summary>
    public bool HasCrashed => _isWanted && _process is { HasExited: true };

    public void Start()
    {
        _process?.Dispose();
        Starts++;
        _process = Process.Start(new ProcessStartInfo(_command[0], _command[1..])) ?? throw new ChaosException("cannot start " + Name);
        _isWanted = true;
    }

    public Task KillAsync() => EndAsync(Signals.Kill);

    public Task TerminateAsync() => EndAsync(Signals.Terminate);

    /// <summary>SIGSTOP: it does not know that time passes.</summary>
    public void Pause() => Signals.Send(_process!.Id, Signals.Stop);

    public void Resume() => Signals.Send(_process!.Id, Signals.Continue);

    /// <summary>It was told to go and goes; where it does not, it is killed.</summary>
    public async Task GoneAsync()
    {
        _isWanted = false;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process!.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>From now on its end is no surprise.</summary>
    public void Release() => _isWanted = false;

    public void Dispose()
    {
        Release();
        if (IsRunning)
        {
            _process!.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    private async Task EndAsync(int signal)
    {
        _isWanted = false;
        if (IsRunning)
        {
            Signals.Send(_process!.Id, signal);
            await GoneAsync();
        }
    }
}
