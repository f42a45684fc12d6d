using System.Globalization;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>The node's UUID: configured, or made once and kept in <c>data_dir/node-id</c>.</summary>
internal static class NodeIdentity
{
    private const string FileName = "node-id";

    /// <exception cref="AgentFailedException">The file cannot be read or written, or holds no UUID.</exception>
    public static string LoadOrCreate(IdentityConfig identity)
    {
        if (identity.NodeId.Length > 0)
        {
            return identity.NodeId.ToLowerInvariant();
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
                    : throw new AgentFailedException($"failed to setup node ID: {path} holds no UUID: remove the file to get a new one");
            }

            Directory.CreateDirectory(identity.DataDirectory);
            string made = Make();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, options);
            file.Write(System.Text.Encoding.ASCII.GetBytes(made));
            file.Flush(flushToDisk: true);
            return made;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string reason = failure is UnauthorizedAccessException ? "permission denied" : failure.Message;
            throw new AgentFailedException($"failed to setup node ID: open {path}: {reason}", failure);
        }
    }

    private static string Make() => Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
}
