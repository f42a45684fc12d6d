using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary>An agent of either program, started in the same way, at a place that it keeps over restarts.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Consul takes 200 connections from one address by default; the watchers are 2,000.
    private const string Configuration = "limits { http_max_conns_per_client = 10000 } ports { grpc = -1 } disable_update_check = true";

    private readonly string _program;
    private readonly string[] _arguments;
    private readonly string _logPath;
    private Process? _process;

    public AgentProcess(Contestant contestant, string directory, string name, params string[] arguments)
    {
        _program = contestant.Program;
        _logPath = Path.Combine(directory, name + ".log");
        HttpPort = Ports.Take();
        DnsPort = Ports.Take();
        ServerPort = Ports.Take();
        LanPort = Ports.Take();
        _arguments =
        [
            "agent", "-node=" + name, "-bind=127.0.0.1", "-log-level=info", "-retry-interval=1s", "-hcl=" + Configuration,
            Flag("-http-port", HttpPort), Flag("-dns-port", DnsPort), Flag("-server-port", ServerPort), Flag("-serf-lan-port", LanPort),
            Flag("-serf-wan-port", Ports.Take()), .. arguments,
        ];
        Http = new HttpClient { BaseAddress = new Uri("http://" + HttpAddress), Timeout = TimeSpan.FromSeconds(20) };
    }

    public int HttpPort { get; }

    public int DnsPort { get; }

    public int ServerPort { get; }

    public int LanPort { get; }

    /// <summary>For what is not itself measured.</summary>
    public HttpClient Http { get; }

    public string HttpAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{HttpPort}");

    public string ServerAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ServerPort}");

    public string LanAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{LanPort}");

    public bool IsRunning => _process is { HasExited: false };

    public ProcessUsage Usage => ProcessUsage.Of(_process!.Id);

    public void Start()
    {
        // Through a shell for its redirection: the log goes to a file without passing through us.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(_logPath);
        start.ArgumentList.Add(_program);
        foreach (string argument in _arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new BenchmarkException("cannot start " + _program);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Tries one small write until it is acknowledged.</summary>
    public void WaitForWrite()
    {
        WaitFor("acknowledges a write", () => TryPut("/v1/kv/benchmark-ready", "1"));
    }

    public void WaitFor(string what, Func<bool> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (!IsRunning)
            {
                throw new BenchmarkException($"the agent ended before it {what}:\n{LogTail()}");
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new BenchmarkException($"after {Patience.TotalSeconds:0} s the agent had not come so far that it {what}:\n{LogTail()}");
            }

            Thread.Sleep(2);
        }
    }

    /// <returns>False for any answer but 200 with something other than <c>false</c>, and for none.</returns>
    public bool TryPut(string path, string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body) };
            using HttpResponseMessage answer = Http.Send(request);
            return answer.StatusCode == HttpStatusCode.OK && ReadText(answer) != "false";
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    public void Put(string path, string body)
    {
        if (!TryPut(path, body))
        {
            throw new BenchmarkException($"PUT {path} was not answered 200:\n{LogTail()}");
        }
    }

    /// <returns>Null for any answer but 200, and for none.</returns>
    public string? TryGet(string path)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using HttpResponseMessage answer = Http.Send(request);
            return answer.StatusCode == HttpStatusCode.OK ? ReadText(answer) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            Kill();
        }

        _process?.Dispose();
        Http.Dispose();
    }

    private static string ReadText(HttpResponseMessage answer)
    {
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return reader.ReadToEnd().Trim();
    }

    private static string Flag(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private string LogTail() => File.Exists(_logPath) ? string.Join('\n', File.ReadLines(_logPath).TakeLast(15)) : "(no log)";
}
