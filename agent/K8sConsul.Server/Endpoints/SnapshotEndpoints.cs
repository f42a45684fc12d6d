using System.Buffers;
using System.Globalization;
using K8sConsul.Contracts.Snapshot;
using K8sConsul.MessagePack;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State.Commands;
using K8sConsul.State.Snapshots;
using SnapshotMeta = K8sConsul.Contracts.Model.SnapshotMeta;
using SnapshotRaftServer = K8sConsul.Contracts.Model.SnapshotRaftServer;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/snapshot</c>: the whole state as an archive, out and in.</summary>
public sealed class SnapshotEndpoints(RaftHost raft, IConsistencyGate gate, TimeProvider time, RaftMetrics metrics)
{
    /// <summary>Largest archive that is taken, and largest state that it may unpack to.</summary>
    internal const long StateBytesMax = 16L * 1024 * 1024 * 1024;

    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute(
            "/v1/snapshot",
            ("GET", ApiScope.Server, SaveAsync),
            ("PUT", ApiScope.Leader, RestoreAsync))
        {
            BodyBytesMax = StateBytesMax,
            StreamsBody = true,
        };
    }

    /// <summary>GET: an archive of a state that holds everything acknowledged before; of whatever is here with <c>?stale</c>.</summary>
    private async ValueTask<ApiResponse> SaveAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ReadOptions options = default(ReadOptions) with
        {
            Consistency = request.Query.Has("stale") ? Consistency.Stale : Consistency.Consistent,
        };
        await gate.EnterReadAsync(request, options, cancellationToken).ConfigureAwait(false);
        AppliedPoint point = raft.Applied;
        SnapshotMeta meta = Describe(point);
        return new ApiResponse
        {
            ContentType = "application/x-gzip",
            Stream = async (output, stop) =>
            {
                await using var state = new EnumeratedStream(SnapshotWriter.Write(point.State));
                await SnapshotArchiveWriter.WriteAsync(output, meta, state, time.GetUtcNow(), stop).ConfigureAwait(false);
            },
        }.WithMeta(new ReadMeta(point.Last.Index.Value, KnownLeader: true, TimeSpan.Zero, Consistency: null));
    }

    private SnapshotMeta Describe(AppliedPoint point)
    {
        // The size stands before the state in the archive. The state is immutable, so counting it first costs time, not space.
        long size = 0;
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(point.State))
        {
            size += piece.Length;
        }

        var meta = new SnapshotMeta
        {
            ID = string.Create(
                CultureInfo.InvariantCulture,
                $"{point.Last.Term.Value}-{point.Last.Index.Value}-{time.GetUtcNow().ToUnixTimeMilliseconds()}"),
            Index = point.Last.Index.Value,
            Term = point.Last.Term.Value,
            ConfigurationIndex = point.ConfigurationIndex.Value,
            Size = size,
            Peers = Peers(point.Configuration),
        };
        meta.Configuration.Servers =
        [
            .. point.Configuration.Servers.Select(server => new SnapshotRaftServer
            {
                Suffrage = (int)server.Suffrage,
                ID = server.Id.Value!,
                Address = server.Address,
            }),
        ];
        return meta;
    }

    /// <summary>The peers' addresses in the form that Raft had before servers had IDs.</summary>
    private static byte[] Peers(RaftConfiguration configuration)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MsgPackWriter(buffer);
        writer.WriteListHeader(configuration.Servers.Count);
        foreach (RaftServer server in configuration.Servers)
        {
            writer.WriteText(server.Address);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>PUT: verify the archive, then replace the state of all servers by it.</summary>
    private async ValueTask<ApiResponse> RestoreAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("consul-restore-").FullName;
        try
        {
            await using FileStream archive = Create(directory, "archive");
            await request.BodyStream!.CopyToAsync(archive, cancellationToken).ConfigureAwait(false);
            archive.Position = 0;
            await using FileStream state = Create(directory, "state");
            SnapshotMeta? meta = SnapshotArchive.TryRead(archive, state, StateBytesMax, out string error);
            if (meta is null)
            {
                return ApiResponse.Text(500, error);
            }

            state.Position = 0;
            long started = time.GetTimestamp();
            metrics.Restore.Increment();
            if (await ReplaceAsync(state, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                return ApiResponse.Text(500, refused);
            }

            metrics.RestoreUserSnapshot.Since(started);
            return ApiResponse.Empty();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async ValueTask<string?> ReplaceAsync(Stream state, CancellationToken cancellationToken)
    {
        string name = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await raft.ApplyAsync(new RestoreCommand(name, RestoreStep.Begin, [])).ConfigureAwait(false);
        byte[] buffer = new byte[RestoreCommand.PieceBytes];
        try
        {
            for (int read = await ReadAsync().ConfigureAwait(false); read > 0; read = await ReadAsync().ConfigureAwait(false))
            {
                ApplyOutcome piece = await raft.ApplyAsync(new RestoreCommand(name, RestoreStep.Piece, buffer[..read])).ConfigureAwait(false);
                if (piece.Result.Refused is { } refused)
                {
                    return refused;
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The client or the file is gone: what was sent is held by every server until somebody drops it.
            await raft.ApplyAsync(RestoreCommand.Abandon).ConfigureAwait(false);
            throw;
        }

        ApplyOutcome outcome = await raft.ApplyAsync(new RestoreCommand(name, RestoreStep.Commit, [])).ConfigureAwait(false);
        return outcome.Result.Refused;

        ValueTask<int> ReadAsync() => state.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
    }

    private static FileStream Create(string directory, string name) => new(
        Path.Combine(directory, name),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
}
