using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands.Snapshots;

internal sealed class SnapshotRestoreCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Server)
{
    protected override string UsageText => """
        Usage: consul snapshot restore [options] FILE

          Replaces the state of the servers by that of a snapshot: key-value
          entries, catalog, prepared queries, sessions and ACLs.

          It is meant for recovery from a disaster, into fresh servers. A server
          that fails while it is restored is not provided for.

          With ACLs enabled a management token is needed.

            $ consul snapshot restore backup.snap

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (SnapshotFiles.TryOneFile(arguments, Terminal) is not { } path)
        {
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        using FileStream? file = GoFile.TryOpen(path, out string error);
        if (file is null)
        {
            return Fail($"Error opening snapshot file: {error}");
        }

        try
        {
            using ConsulStream answer = client.Open(SnapshotApi.Restore(file, Http.Query));
            answer.Body.CopyTo(Stream.Null);
        }
        catch (ConsulException failure)
        {
            return Fail($"Error restoring snapshot: {failure.Message}");
        }

        Terminal.Print("Restored snapshot");
        return ExitCode.Success;
    }
}
