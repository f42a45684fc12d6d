using System.Globalization;
using System.Security.Cryptography;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Contracts.Snapshot;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Snapshots;

internal sealed class SnapshotSaveCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Server)
{
    protected override string UsageText => """
        Usage: consul snapshot save [options] FILE

          Saves the state of the servers as of one moment: key-value entries,
          catalog, prepared queries, sessions and ACLs.

          With ACLs enabled a management token is needed.

          From the leader, into "backup.snap":

            $ consul snapshot save backup.snap

          From any server, for when there is no leader; it may be out of date:

            $ consul snapshot save -stale backup.snap

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (SnapshotFiles.TryOneFile(arguments, Terminal) is not { } file)
        {
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        try
        {
            using ConsulStream snapshot = client.Open(SnapshotApi.Save(Http.Query));
            return Save(snapshot, file);
        }
        catch (ConsulException failure)
        {
            return Fail($"Error saving snapshot: {failure.Message}");
        }
    }

    /// <summary>The file of that name appears only when it is whole and verified.</summary>
    private int Save(ConsulStream snapshot, string file)
    {
        string unverified = file + ".unverified.tmp" + RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture);
        try
        {
            if (!TryWrite(snapshot, unverified) || !TryVerify(unverified))
            {
                return ExitCode.Failure;
            }

            File.Move(unverified, file, overwrite: true);
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            return Fail($"Error renaming \"{unverified}\" to \"{file}\": rename {unverified} {file}: {GoErrors.OfFile(failure)}");
        }
        finally
        {
            TryDelete(unverified);
        }

        Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"Saved and verified snapshot to index {snapshot.Meta.LastIndex}"));
        return ExitCode.Success;
    }

    private bool TryWrite(ConsulStream snapshot, string path)
    {
        const string Failed = "Error writing unverified snapshot file";
        FileStream target;
        try
        {
            target = new FileStream(path, SnapshotFiles.CreateOptions());
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            Terminal.Error($"{Failed}: open {path}: {GoErrors.OfFile(failure)}");
            return false;
        }

        using (target)
        {
            try
            {
                snapshot.Body.CopyTo(target);
                target.Flush(flushToDisk: true);
                return true;
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException)
            {
                Terminal.Error($"{Failed}: {GoErrors.OfFile(failure)}");
                return false;
            }
        }
    }

    private bool TryVerify(string path)
    {
        using FileStream? saved = GoFile.TryOpen(path, out string error);
        if (saved is null)
        {
            Terminal.Error($"Error opening snapshot file for verify: {error}");
            return false;
        }

        SnapshotMeta? meta = SnapshotArchive.TryVerify(saved, out error);
        if (meta is null)
        {
            Terminal.Error($"Error verifying snapshot file: {error}");
        }

        return meta is not null;
    }

    /// <summary>Gone already when it was renamed, or never there.</summary>
    private void TryDelete(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            Terminal.Error($"remove {path}: {GoErrors.OfFile(failure)}");
        }
    }
}
