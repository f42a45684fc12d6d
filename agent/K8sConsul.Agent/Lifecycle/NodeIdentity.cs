using System.Globalization;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>The node's UUID: configured, or made once and kept in <c>data_dir/node-id</c>.</summary>
internal static class NodeIdentity
{
    private const string FileName = "node-id";
    private const int UuidLength = 36;

    /// <exception cref="AgentFailedException">The file cannot be read or written, or holds no UUID.</exception>
    public static string LoadOrCreate(IdentityConfig identity)
    {
        if (identity.NodeId.Length > 0)
        {
            return Guid.TryParseExact(identity.NodeId, "D", out _)
                ? identity.NodeId.ToLowerInvariant()
                : throw new AgentFailedException($"failed to setup node ID: specified NodeID is invalid: {WhyNoUuid(identity.NodeId)}");
        }

        if (identity.DataDirectory.Length == 0)
        {
            return Make();
        }

        string path = Path.Combine(identity.DataDirectory, FileName);
        try
        {
            if (File.Exists(path))
            {
                string kept = File.ReadAllText(path).Trim();
                return Guid.TryParseExact(kept, "D", out _)
                    ? kept
                    : throw new AgentFailedException($"failed to setup node ID: NodeID in {path} is invalid: {WhyNoUuid(kept)}");
            }

            MakeDirectory(identity.DataDirectory);
            string made = Make();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            Write(path, options, made);
            return made;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentFailedException($"failed to setup node ID: open {path}: {OsError.TextOf(failure)}", failure);
        }
    }

    private static void Write(string path, FileStreamOptions options, string id)
    {
        try
        {
            using var file = new FileStream(path, options);
            file.Write(System.Text.Encoding.ASCII.GetBytes(id));
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentFailedException($"failed to setup node ID: failed to write NodeID to disk: open {path}: {OsError.TextOf(failure)}", failure);
        }
    }

    private static void MakeDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentFailedException($"failed to setup node ID: mkdir {directory}: {OsError.TextOf(failure)}", failure);
        }
    }

    private static string WhyNoUuid(string text) =>
        text.Length == UuidLength ? "uuid is improperly formatted" : "uuid string is wrong length";

    private static string Make() => Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
}
