using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local.Storage;

/// <summary>
/// What the API registered, one file each, in <c>services/</c>, <c>checks/</c> and <c>checks/state/</c> below the data
/// directory. Names and JSON are Consul 1.8's, so that a data directory can change hands in either direction. A file is
/// replaced whole or not at all, and readable by its owner only: it holds tokens.
/// </summary>
public sealed partial class RegistrationStore
{
    /// <summary>A larger file was not written by an agent.</summary>
    private const long FileBytesMax = 1024 * 1024;

    private const string TemporarySuffix = ".tmp";

    private readonly string _services;
    private readonly string _checks;
    private readonly string _states;
    private readonly string _nodeName;
    private readonly ILogger _logger;

    // One writer at a time, so that two of the same file do not share a temporary one.
    private readonly Lock _lock = new();

    public RegistrationStore(string dataDirectory, string nodeName, ILogger logger)
    {
        _services = Path.Combine(dataDirectory, "services");
        _checks = Path.Combine(dataDirectory, "checks");
        _states = Path.Combine(_checks, "state");
        _nodeName = nodeName;
        _logger = logger;
    }

    internal void SaveService(ServiceDefinition service) =>
        Write(_services, FileName(service.Id), durable: true, json => RegistrationJson.Write(json, service));

    internal void SaveCheck(PersistedCheck check) =>
        Write(_checks, FileName(check.Id), durable: true, json => RegistrationJson.Write(json, check, _nodeName));

    /// <summary>Not flushed to the disk: reports come often, and the next one makes a lost one good.</summary>
    internal void SaveState(PersistedCheckState state) =>
        Write(_states, FileName(state.CheckId), durable: false, json => RegistrationJson.Write(json, state));

    internal void RemoveService(string id) => Remove(Path.Combine(_services, FileName(id)));

    internal void RemoveCheck(string id)
    {
        Remove(Path.Combine(_checks, FileName(id)));
        Remove(Path.Combine(_states, FileName(id)));
    }

    internal IEnumerable<ServiceDefinition> LoadServices() => LoadAll("service", _services, RegistrationJson.ReadService);

    internal IEnumerable<PersistedCheck> LoadChecks() => LoadAll("check", _checks, RegistrationJson.ReadCheck);

    /// <summary>The last report, unless there is none or it has expired; then its file is removed.</summary>
    internal PersistedCheckState? LoadState(string checkId, DateTimeOffset now)
    {
        string path = Path.Combine(_states, FileName(checkId));
        if (!File.Exists(path) || Load("check state", path, RegistrationJson.ReadState) is not { } state)
        {
            return null;
        }

        if (now < state.Expires)
        {
            return state;
        }

        LogStateExpired(_logger, checkId);
        Remove(path);
        return null;
    }

    private List<T> LoadAll<T>(string kind, string directory, Func<JsonElement, T?> read)
        where T : class
    {
        List<T> result = [];
        if (!Directory.Exists(directory))
        {
            return result;
        }

        foreach (string path in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            {
                // Left by a stop in the middle of a write; the file it was to replace is whole.
                LogTemporarySkipped(_logger, path);
            }
            else if (Load(kind, path, read) is { } item)
            {
                result.Add(item);
            }
        }

        return result;
    }

    private T? Load<T>(string kind, string path, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            if (new FileInfo(path).Length > FileBytesMax)
            {
                LogDamaged(_logger, kind, path, $"larger than {FileBytesMax} bytes");
                return null;
            }

            using JsonDocument document = Parse(File.ReadAllBytes(path));
            if (read(document.RootElement) is { } item)
            {
                return item;
            }

            LogDamaged(_logger, kind, path, "a name is missing");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDamaged(_logger, kind, path, Configuration.OsError.TextOf(e));
        }
        catch (Exception e) when (e is GoJsonException or JsonException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException or ArgumentException)
        {
            // One damaged file must not keep the agent, and with it all other services, from starting.
            LogDamaged(_logger, kind, path, e.Message);
        }

        return null;
    }

    private void Write(string directory, string name, bool durable, Action<Utf8JsonWriter> write)
    {
        string path = Path.Combine(directory, name);
        string temporary = path + TemporarySuffix;
        lock (_lock)
        {
            try
            {
                CreatePrivateDirectory(directory);
                using (FileStream file = CreatePrivateFile(temporary))
                {
                    using (Utf8JsonWriter json = new(file))
                    {
                        write(json);
                    }

                    file.Flush(flushToDisk: durable);
                }

                File.Move(temporary, path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RegistrationStoreException("write", path, e);
            }
        }
    }

    private void Remove(string path)
    {
        lock (_lock)
        {
            try
            {
                File.Delete(path);
            }
            catch (DirectoryNotFoundException)
            {
                // Nothing was ever saved there.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new RegistrationStoreException("remove", path, e);
            }
        }
    }

    private static FileStream CreatePrivateFile(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static void CreatePrivateDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <exception cref="GoJsonException">It is no JSON; Go's words for that are known.</exception>
    private static JsonDocument Parse(byte[] content)
    {
        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException)
        {
            GoJsonParser.Parse(content);
            throw;
        }
    }

    /// <summary>An id may hold any character, its hash none that a file name may not. Consul's choice; nothing secret hangs on it.</summary>
    private static string FileName(string id) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(id)));

    [LoggerMessage(EventId = 6200, Level = LogLevel.Error, Message = "Failed decoding {Kind} file: file={File} error=\"{Error}\"")]
    private static partial void LogDamaged(ILogger logger, string kind, string file, string error);

    [LoggerMessage(EventId = 6201, Level = LogLevel.Warning, Message = "Ignoring temporary file: file={File}")]
    private static partial void LogTemporarySkipped(ILogger logger, string file);

    [LoggerMessage(EventId = 6202, Level = LogLevel.Debug, Message = "check state expired, not restoring: check={Check}")]
    private static partial void LogStateExpired(ILogger logger, string check);
}
