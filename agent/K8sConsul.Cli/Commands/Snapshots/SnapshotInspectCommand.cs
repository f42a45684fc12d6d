using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Contracts.Snapshot;

namespace K8sConsul.Cli.Commands.Snapshots;

internal sealed class SnapshotInspectCommand(Terminal terminal) : Command(terminal)
{
    protected override string UsageText => """
        Usage: consul snapshot inspect [options] FILE

          Verifies a snapshot file and shows what it says about itself.

            $ consul snapshot inspect backup.snap

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (SnapshotFiles.TryOneFile(arguments, Terminal) is not { } path)
        {
            return ExitCode.Failure;
        }

        if (Directory.Exists(path))
        {
            return Fail($"Error verifying snapshot: failed to decompress snapshot: read {path}: is a directory");
        }

        using FileStream? file = GoFile.TryOpen(path, out string error);
        if (file is null)
        {
            return Fail($"Error opening snapshot file: {error}");
        }

        if (SnapshotArchive.TryVerify(file, out error) is not { } meta)
        {
            return Fail($"Error verifying snapshot: {error}");
        }

        Terminal.Print(Format(meta));
        return ExitCode.Success;
    }

    /// <summary>With an empty line at the end.</summary>
    private static string Format(SnapshotMeta meta)
    {
        return TabWriter.Format(
            $"ID\t{meta.ID}\nSize\t{meta.Size}\nIndex\t{meta.Index}\nTerm\t{meta.Term}\nVersion\t{meta.Version}\n");
    }
}
