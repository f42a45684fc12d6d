using K8sConsul.Logging;
using K8sConsul.TemplateRunner.Configuration;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Cli.Commands.Template;

/// <summary>The log of <c>consul template</c>: the error stream, and the file if there is one. Both may change with the configuration.</summary>
internal sealed class TemplateLog : IDisposable
{
    private const string DefaultFileName = "consul-template.log";

    private readonly LogHub _hub;
    private readonly TimeProvider _time;
    private LogFileSettings? _fileSettings;
    private RotatingLogFile? _file;

    public TemplateLog(Stream output, TimeProvider time)
    {
        _time = time;
        _hub = new LogHub(LogLevel.Warning, static line => line.NamelessText, time);
        var stream = new StreamSink(output);
        stream.Open();
        _hub.Add(stream);
        Logger = _hub.CreateLogger("template");
    }

    public ILogger Logger { get; }

    /// <summary>Level and file from now on. When the file cannot be opened everything stays as it was.</summary>
    /// <returns>Why it cannot; empty when it was done.</returns>
    public string Apply(LogConfig config)
    {
        LogFileSettings? settings = config.FilePath.Length == 0 ? null : new LogFileSettings(config.FilePath, DefaultFileName)
        {
            RotateBytes = config.RotateBytes,
            RotateDuration = config.RotateDuration,
            RotateMaxFiles = config.RotateMaxFiles,
        };
        if (settings != _fileSettings)
        {
            RotatingLogFile? next = null;
            if (settings is not null && !RotatingLogFile.TryOpen(settings, _time, out next, out string error))
            {
                return $"failed to set up logging: {error}";
            }

            Replace(next);
            _fileSettings = settings;
        }

        _hub.Level = LogLevels.TryParse(config.Level, out LogLevel level) ? level : throw new System.Diagnostics.UnreachableException();
        return string.Empty;
    }

    /// <summary>Settings that are read and have no effect, of which their user should know.</summary>
    public void WarnOfWhatIsNotThere(RunnerConfig config)
    {
        if (config.Log.Syslog)
        {
            Logger.ConfigWarning("syslog is not supported: the log goes to the error stream, and to log_file");
        }

        if (config.HasVault)
        {
            Logger.ConfigWarning("Vault is not supported: templates that use secret, secrets or pkiCert will fail");
        }
    }

    /// <summary>The hub owns what it still writes to.</summary>
    public void Dispose()
    {
        _hub.Dispose();
    }

    private void Replace(RotatingLogFile? next)
    {
        if (_file is { } former)
        {
            _hub.Remove(former);
            former.Dispose();
        }

        _file = next;
        if (next is not null)
        {
            _hub.Add(next);
        }
    }
}
