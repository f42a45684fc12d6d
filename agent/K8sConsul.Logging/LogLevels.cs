using Microsoft.Extensions.Logging;

namespace K8sConsul.Logging;

/// <summary>Consul's names of log levels.</summary>
public static class LogLevels
{
    /// <summary>In any case; <c>ERR</c> and <c>ERROR</c> are the same.</summary>
    public static bool TryParse(string name, out LogLevel level)
    {
        (bool known, level) = name.ToUpperInvariant() switch
        {
            "TRACE" => (true, LogLevel.Trace),
            "DEBUG" => (true, LogLevel.Debug),
            "INFO" => (true, LogLevel.Information),
            "WARN" => (true, LogLevel.Warning),
            "ERR" or "ERROR" => (true, LogLevel.Error),
            _ => (false, LogLevel.None),
        };
        return known;
    }

    public static string Unknown(string name)
    {
        return $"Invalid log level: {name}. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]";
    }

    /// <summary>As text lines show it, padded so that names line up.</summary>
    internal static string Bracketed(LogLevel level)
    {
        return level switch
        {
            LogLevel.Trace => "[TRACE] ",
            LogLevel.Debug => "[DEBUG] ",
            LogLevel.Information => "[INFO]  ",
            LogLevel.Warning => "[WARN]  ",
            _ => "[ERROR] ",
        };
    }

    /// <summary>Not padded, and with the name that the configuration has for errors.</summary>
    internal static string Short(LogLevel level)
    {
        return level switch
        {
            LogLevel.Information => "[INFO] ",
            LogLevel.Warning => "[WARN] ",
            LogLevel.Error or LogLevel.Critical => "[ERR] ",
            _ => Bracketed(level),
        };
    }

    internal static string Lower(LogLevel level)
    {
        return level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            _ => "error",
        };
    }
}
