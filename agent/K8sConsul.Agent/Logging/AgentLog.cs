using K8sConsul.Agent.Configuration;
using K8sConsul.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Logging;

/// <summary>The agent's log as configured: the hub, the standard output, and the file if there is one.</summary>
public sealed class AgentLog : IDisposable
{
    /// <summary>Lines stand below the banner, indented.</summary>
    private const string OutputPrefix = "    ";

    private readonly RotatingLogFile? _file;

    private AgentLog(LogHub hub, StreamSink output, RotatingLogFile? file)
    {
        Hub = hub;
        Output = output;
        _file = file;
    }

    public LogHub Hub { get; }

    /// <summary>Closed until <see cref="StreamSink.Open"/>, which is called after the banner.</summary>
    public StreamSink Output { get; }

    /// <summary>Sets logging up.</summary>
    /// <param name="config">Level, format and file.</param>
    /// <param name="output">The standard output.</param>
    /// <param name="time">For the lines and for rotation.</param>
    /// <param name="log">Null when refused.</param>
    /// <param name="error">In Consul's words; empty when accepted.</param>
    public static bool TryCreate(LogConfig config, Stream output, TimeProvider time, out AgentLog? log, out string error)
    {
        log = null;
        if (!LogLevels.TryParse(config.Level, out LogLevel level))
        {
            error = LogLevels.Unknown(config.Level);
            return false;
        }

        RotatingLogFile? file = null;
        if (config.File.Length > 0 && !RotatingLogFile.TryOpen(FileSettings(config), time, out file, out string fileError))
        {
            error = $"Failed to setup logging: {fileError}";
            return false;
        }

        var hub = new LogHub(level, config.Json, time, LogNames.Naming);
        var stream = new StreamSink(output, OutputPrefix);
        hub.Add(stream);
        if (file is not null)
        {
            hub.Add(file);
        }

        log = new AgentLog(hub, stream, file);
        error = string.Empty;
        return true;
    }

    private static LogFileSettings FileSettings(LogConfig config)
    {
        return new LogFileSettings(config.File, "consul.log")
        {
            RotateBytes = config.RotateBytes,
            RotateDuration = config.RotateDuration,
            RotateMaxFiles = config.RotateMaxFiles,
        };
    }

    /// <summary>The hub owns its sinks: the file is closed with it.</summary>
    public void Dispose()
    {
        Output.Open();
        Hub.Dispose();
        _file?.Dispose();
    }
}
