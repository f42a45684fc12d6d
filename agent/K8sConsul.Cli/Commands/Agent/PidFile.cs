using System.Globalization;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary>The file that tells others which process the agent is.</summary>
internal sealed class PidFile
{
    private readonly string _path;

    /// <summary>With an empty path there is no file.</summary>
    public PidFile(string path)
    {
        _path = path;
    }

    /// <summary>Null, or Consul's words for the failure.</summary>
    public string? TryWrite()
    {
        return _path.Length == 0 ? null : TryDo(
            () => File.WriteAllText(_path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
            $"Could not open pid file: open {_path}");
    }

    public string? TryRemove()
    {
        return _path.Length == 0 ? null : TryDo(() => File.Delete(_path), $"Could not remove pid file: remove {_path}");
    }

    private static string? TryDo(Action action, string failed)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{failed}: {OsError.TextOf(failure)}";
        }
    }
}
