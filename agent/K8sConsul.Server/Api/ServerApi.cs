using K8sConsul.Grpc;
using K8sConsul.Grpc.Net;
using K8sConsul.Raft;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Api;

/// <summary>
/// Answers cluster calls on a server: finds the route, makes sure that the own state is fresh enough or that the leader
/// answers, and turns refusals into answers.
/// </summary>
public sealed class ServerApi(
    RaftHost raft, ApiForwarder forwarder, ServerApiOptions options, TimeProvider time, Func<double> random, RpcMetrics metrics)
    : IClusterApi, IConsistencyGate
{
    private ApiRouter _router = new([]);

    /// <summary>Given after construction, because endpoints need this gate.</summary>
    public void Use(ApiRouter router) => _router = router;

    public async ValueTask<ApiResponse> InvokeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ApiRoute? route = _router.Find(request.Path, out string argument);
        if (route is null || !route.TryFind(request.Method, out ApiScope scope, out ApiHandler handler))
        {
            return ApiResponse.EmptyWithStatus(404);
        }

        request.Argument = argument;
        metrics.Call.Increment();
        try
        {
            RefuseOtherDatacenter(request, route, scope);
            switch (scope)
            {
                case ApiScope.Leader:
                    return await AtLeaderAsync(request, handler, cancellationToken, route).ConfigureAwait(false);
                case ApiScope.Read:
                    await EnterReadAsync(request, ReadOptions.Parse(request), cancellationToken).ConfigureAwait(false);
                    return await handler(request, cancellationToken).ConfigureAwait(false);
                default:
                    return await handler(request, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ApiRefusedException refused)
        {
            ApiResponse answer = ApiResponse.Text(refused.Status, refused.Message);
            return refused.WithReadMeta ? answer.WithMeta(NothingRead) : answer;
        }
        catch (ConsensusException failure)
        {
            ApiResponse answer = ApiResponse.Text(500, failure.Message);
            return TellsFailedReads(route, scope) ? answer.WithMeta(NothingRead) : answer;
        }
    }

    public ValueTask<ApiResponse> AtLeaderAsync(ApiRequest request, ApiHandler handler, CancellationToken cancellationToken) =>
        AtLeaderAsync(request, handler, cancellationToken, route: null);

    public ValueTask EnterReadAsync(ApiRequest request, ReadOptions options, CancellationToken cancellationToken) =>
        options.Consistency == Consistency.Consistent
            ? EnterConsistentReadAsync(options, cancellationToken)
            : AwaitFreshnessAsync(options, cancellationToken);

    private async ValueTask EnterConsistentReadAsync(ReadOptions options, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        await AwaitFreshnessAsync(options, cancellationToken).ConfigureAwait(false);
        metrics.ConsistentRead.Since(started);
    }

    private ValueTask AwaitFreshnessAsync(ReadOptions options, CancellationToken cancellationToken)
    {
        if (options.Consistency == Consistency.Stale && raft.HasKnownLeader)
        {
            return ValueTask.CompletedTask;
        }

        // The leader's word, protected by its lease, once it has applied what is committed.
        return options.Consistency == Consistency.Default && raft.HoldsLease(out ulong committed)
            ? raft.WaitAppliedAsync(committed, cancellationToken)
            : AskForFreshnessAsync(options, cancellationToken);
    }

    private async ValueTask AskForFreshnessAsync(ReadOptions options, CancellationToken cancellationToken)
    {
        ReadMode mode = options.Consistency == Consistency.Consistent ? ReadMode.Quorum : ReadMode.Lease;
        LeaderHold hold = Hold();
        while (true)
        {
            Task changed = raft.NextViewAsync();
            try
            {
                if (options.Consistency == Consistency.Stale && raft.HasKnownLeader)
                {
                    return;
                }

                if (options.Consistency != Consistency.Stale)
                {
                    await raft.ReadBarrierAsync(mode, cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
            catch (ConsensusException failure) when (failure.Failure is ConsensusFailure.NoLeader or ConsensusFailure.NotLeader)
            {
                // An election is under way: wait for its end.
            }

            await hold.WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    private LeaderHold Hold() => new(options.RpcHoldTimeout, time, random);

    private static ReadMeta NothingRead => new(0, KnownLeader: false, TimeSpan.Zero, Consistency: null);

    /// <param name="route">The call's, where the route alone decides who answers it.</param>
    private async ValueTask<ApiResponse> AtLeaderAsync(ApiRequest request, ApiHandler handler, CancellationToken cancellationToken, ApiRoute? route)
    {
        LeaderHold hold = Hold();
        while (true)
        {
            Task changed = raft.NextViewAsync();
            ConsensusView view = raft.View;
            try
            {
                if (view.IsLeader)
                {
                    long started = time.GetTimestamp();
                    ApiResponse answer = await handler(request, cancellationToken).ConfigureAwait(false);
                    if (route is not null)
                    {
                        metrics.AtLeader(route.Path)?.Since(started);
                    }

                    return answer;
                }

                if (!request.Forwarded && !view.Leader.IsNone && options.RpcAddressOf(view.Leader, view) is { } address)
                {
                    return await forwarder.SendAsync(address, request, toLeader: true, route is { StreamsBody: true }, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (ConsensusException failure) when (failure.Failure is ConsensusFailure.NoLeader or ConsensusFailure.NotLeader)
            {
                // Nothing was done; somebody else leads or will.
            }
            catch (GrpcException failure) when (MayAskAgain(request, failure))
            {
                // The next leader is asked.
            }
            catch (GrpcException failure)
            {
                throw ApiRefusedException.Failed($"rpc error making call: {failure.Status.Detail}");
            }

            if (request.Forwarded)
            {
                throw new GrpcException(GrpcStatusCode.FailedPrecondition, NotLeaderDetail);
            }

            await hold.WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    private const string NotLeaderDetail = "node is not the leader";

    /// <summary>
    /// Whether another leader may be asked: the first has not seen the call, or the connection to it broke and the call only reads. A
    /// write whose connection broke has an outcome that nobody knows, and a body that streams has been read from.
    /// </summary>
    private static bool MayAskAgain(ApiRequest request, GrpcException failure)
    {
        bool isBrokenRead = failure.Status.Code == GrpcStatusCode.Unavailable && request.Method is ("GET" or "HEAD");
        return request.BodyStream is null && (isBrokenRead || NeverReachedALeader(failure));
    }

    /// <summary>It was not connected to, or it said that it does not lead.</summary>
    private static bool NeverReachedALeader(GrpcException failure)
    {
        if (failure.Status.Code == GrpcStatusCode.FailedPrecondition)
        {
            return true;
        }

        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is DialException)
            {
                return true;
            }
        }

        return false;
    }

    private void RefuseOtherDatacenter(ApiRequest request, ApiRoute route, ApiScope scope)
    {
        string datacenter = request.Query["dc"];
        if (datacenter.Length > 0 && !route.IgnoresDatacenter && !string.Equals(datacenter, options.Datacenter, StringComparison.Ordinal))
        {
            throw new ApiRefusedException(500, "No path to datacenter", withReadMeta: TellsFailedReads(route, scope));
        }
    }

    private static bool TellsFailedReads(ApiRoute route, ApiScope scope) => scope == ApiScope.Read && route.TellsFailedReads;
}

/// <summary>What the dispatcher needs to know of its server.</summary>
/// <param name="RpcAddressOf">The RPC address of a peer, by gossip or by the configuration; null when neither knows it.</param>
public sealed record ServerApiOptions(string Datacenter, TimeSpan RpcHoldTimeout, Func<ServerId, ConsensusView, string?> RpcAddressOf);
