using K8sConsul.Raft;
using K8sConsul.State;
using K8sConsul.State.Snapshots;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Consensus;

/// <summary>The operator's <c>peers.json</c> cannot be followed.</summary>
public sealed class RecoveryException(string text, Exception? inner = null) : Exception(text, inner);

/// <summary>
/// Recovery by hand after a lost quorum: at start, <c>raft/peers.json</c> replaces the servers of the configuration. Everything that
/// the log holds counts as committed, becomes a snapshot with the new configuration, and the log begins anew behind it.
/// </summary>
public static partial class ClusterRecovery
{
    private const int ReadBytesMax = 4 * 1024 * 1024;

    private const string PeersInfo = """
        The file peers.json in this folder puts a cluster right that has lost its quorum
        for good. Normally it is not there.

        It is read when the server starts, takes the place of the servers that Raft knew,
        and is deleted when that has succeeded. Stop all servers of the cluster before you
        write it, and give every server that is to live on the same file.

        It is a JSON array with one object for each of these servers:

        [
          {
            "id": "adf4238a-882b-9ddc-4a9d-5b6758e4159e",
            "address": "10.1.0.1:8300",
            "non_voter": false
          },
          {
            "id": "8b6dda82-3103-11e7-93ae-92361f002671",
            "address": "10.1.0.2:8300",
            "non_voter": false
          }
        ]

        "id" is the server's node ID, which stands in the file node-id of its data
        directory and in its log. "address" is the address and port of its server RPC.
        "non_voter" may be left out; a server for which it is true receives the log and
        has no vote.

        The form of Raft protocol 2, an array of the addresses alone, is understood for
        servers that were in the last configuration:

        [
          "10.1.0.1:8300",
          "10.1.0.2:8300"
        ]

        This file, peers.info, is written when Consul starts for the first time. A
        peers.json that is found then is deleted, so that one that was left behind by
        something else does no harm.

        """;

    /// <summary>Opens the storage below <paramref name="directory"/>, after it has followed <c>peers.json</c> if that is there.</summary>
    /// <param name="directory">Where log and snapshots are, and the file.</param>
    /// <param name="self">This server at the address that it tells others.</param>
    /// <param name="logger">The server's.</param>
    /// <exception cref="RecoveryException">The file cannot be followed; the cluster is as it was, unless only the file could not be deleted.</exception>
    /// <exception cref="StorageException">The disk failed.</exception>
    public static async Task<RaftStorage> OpenAsync(string directory, RaftServer self, ILogger logger)
    {
        RaftStorage storage = await RaftStorage.OpenFilesAsync(directory).ConfigureAwait(false);
        try
        {
            if (!await FollowAsync(storage, directory, self, logger).ConfigureAwait(false))
            {
                return storage;
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or (IOException and not StorageException))
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw new RecoveryException($"recovery failed: {failure.Message}", failure);
        }
        catch
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        // What the storage chose when it was opened is no longer the newest.
        await storage.DisposeAsync().ConfigureAwait(false);
        return await RaftStorage.OpenFilesAsync(directory).ConfigureAwait(false);
    }

    /// <returns>Whether the storage was changed below its open handle.</returns>
    private static async Task<bool> FollowAsync(RaftStorage storage, string directory, RaftServer self, ILogger logger)
    {
        string info = Path.Combine(directory, "peers.info");
        string peers = Path.Combine(directory, "peers.json");
        if (!File.Exists(info))
        {
            await File.WriteAllTextAsync(info, PeersInfo).ConfigureAwait(false);
            File.Delete(peers);
            return false;
        }

        if (!File.Exists(peers))
        {
            return false;
        }

        LogFound(logger);
        await RecoverAsync(storage, await ReadAsync(peers).ConfigureAwait(false), self).ConfigureAwait(false);
        try
        {
            File.Delete(peers);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new RecoveryException($"recovery failed to delete peers.json, please delete manually (see peers.info for details): {failure.Message}", failure);
        }

        LogDone(logger);
        return true;
    }

    /// <summary>One byte more than allowed, for the parser to refuse.</summary>
    private static async Task<byte[]> ReadAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        byte[] content = new byte[Math.Min(file.Length, PeersFile.BytesMax + 1)];
        await file.ReadExactlyAsync(content).ConfigureAwait(false);
        return content;
    }

    internal static async Task RecoverAsync(RaftStorage storage, byte[] content, RaftServer self)
    {
        RaftInitialState initial = storage.InitialState();
        var store = new StateStore();
        EntryId last = default;
        RaftConfiguration known = RaftConfiguration.Empty;
        if (initial.Snapshot is { } snapshot)
        {
            store.Replace(SnapshotLoading.Load(storage.Snapshots, snapshot), snapshot.Last.Index.Value);
            last = snapshot.Last;
            known = snapshot.Configuration;
        }

        (last, known) = Replay(storage.Log, store, last, known);
        if (PeersFile.Parse(content, known, self, out RaftConfiguration configuration) is { } refused)
        {
            throw new RecoveryException("recovery failed to parse peers.json: " + refused);
        }

        if (last.Index.Value == 0)
        {
            throw new RecoveryException("recovery failed: refused to recover cluster with no initial state, this is probably an operator error");
        }

        using (ISnapshotWriter writer = storage.Snapshots.Create(last, configuration, last.Index))
        {
            foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(store.Current))
            {
                writer.Write(piece.Span);
            }

            writer.Publish();
        }

        await storage.Log.AppendAsync(new LogWrite(last, storage.Log.HardState with { Commit = last.Index }, default)).ConfigureAwait(false);
    }

    private static (EntryId Last, RaftConfiguration Configuration) Replay(IRaftLogReader log, StateStore store, EntryId last, RaftConfiguration configuration)
    {
        var entries = new List<RaftEntry>();
        while (last.Index < log.Last.Index)
        {
            entries.Clear();
            log.Read(new LogIndex(last.Index.Value + 1), log.Last.Index, ReadBytesMax, entries);
            foreach (RaftEntry entry in entries)
            {
                if (CommittedEntry.Command(entry) is { } command)
                {
                    store.Apply(entry.Index.Value, command);
                }
                else
                {
                    store.Skip(entry.Index.Value);
                }

                configuration = CommittedEntry.Configuration(entry) ?? configuration;
                last = entry.Id;
            }

            store.Publish();
        }

        return (last, configuration);
    }

    [LoggerMessage(1013, LogLevel.Information, "found peers.json file, recovering Raft configuration...")]
    private static partial void LogFound(ILogger logger);

    [LoggerMessage(1014, LogLevel.Information, "deleted peers.json file after successful recovery")]
    private static partial void LogDone(ILogger logger);
}
