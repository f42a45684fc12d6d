using System.Globalization;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Endpoints;

/// <summary>Lets an endpoint that decides itself, from the body, how it must be served.</summary>
public interface IConsistencyGate
{
    /// <summary>Returns when the own state is fresh enough for what the request asks.</summary>
    ValueTask EnterReadAsync(ApiRequest request, ReadOptions options, CancellationToken cancellationToken);

    /// <summary>Runs <paramref name="handler"/> here if this server leads, else has the leader answer the whole request.</summary>
    ValueTask<ApiResponse> AtLeaderAsync(ApiRequest request, ApiHandler handler, CancellationToken cancellationToken);
}

/// <summary><c>/v1/txn</c></summary>
public sealed class TxnEndpoints(
    StateStore store, ICommandLog log, IConsistencyGate gate, LockDelayTable lockDelays, long bodyBytesMax, long valueBytesMax, RpcMetrics metrics)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/txn", ("PUT", ApiScope.Server, RunAsync))
        {
            BodyBytesMax = Math.Max(bodyBytesMax, valueBytesMax),
            BodyTooLarge = bytes => TooLarge(bytes, Math.Max(bodyBytesMax, valueBytesMax)),
            BodyUnreadable = Unreadable,
        };
    }

    private async ValueTask<ApiResponse> RunAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        List<TxnOperation> operations = TxnBody.Decode(request.Body.Span, request.Source.Datacenter, valueBytesMax);
        if (operations.Exists(TxnBody.IsWrite))
        {
            return await gate.AtLeaderAsync(request, (r, _) => WriteAsync(r, operations), cancellationToken).ConfigureAwait(false);
        }

        long started = metrics.Now;
        ReadOptions options = ReadOptions.Parse(request);
        await gate.EnterReadAsync(request, options, cancellationToken).ConfigureAwait(false);
        List<TxnError> refused = Refuse(operations);
        CommandResult result = refused.Count > 0 ? new CommandResult { Errors = refused } : store.Read(operations);
        metrics.TxnRead.Since(started);
        return Answer(request, result, readOnly: true)
            .WithHeader("X-Consul-Knownleader", "true")
            .WithHeader("X-Consul-Lastcontact", "0");
    }

    private async ValueTask<ApiResponse> WriteAsync(ApiRequest request, List<TxnOperation> operations)
    {
        List<TxnError> refused = Refuse(operations);
        if (refused.Count > 0)
        {
            return Answer(request, new CommandResult { Errors = refused }, readOnly: false);
        }

        long started = metrics.Now;
        ApplyOutcome outcome = await log.ApplyAsync(new TxnCommand(operations)).ConfigureAwait(false);
        metrics.TxnApply.Since(started);
        return Answer(request, outcome.Result, readOnly: false);
    }

    private List<TxnError> Refuse(List<TxnOperation> operations)
    {
        var errors = new List<TxnError>();
        for (int i = 0; i < operations.Count; i++)
        {
            if (TxnBody.Refuse(operations[i], lockDelays) is { } what)
            {
                errors.Add(new TxnError(i, what));
            }
        }

        return errors;
    }

    private static ApiResponse Answer(ApiRequest request, CommandResult result, bool readOnly) => ApiResponse.Json(
        request,
        json =>
        {
            json.BeginObject();
            json.Name("Results"u8);
            WriteResults(json, result);
            json.Name("Errors"u8);
            WriteErrors(json, result.Errors);
            if (readOnly)
            {
                json.Name("Index"u8);
                json.Number(0);
                json.Name("LastContact"u8);
                json.Number(0);
                json.Name("KnownLeader"u8);
                json.Bool(value: true);
                json.Name("ConsistencyLevel"u8);
                json.String(string.Empty);
            }

            json.EndObject();
        },
        status: result.Errors.Count > 0 ? 409 : 200);

    private static void WriteResults(GoJsonWriter json, CommandResult result)
    {
        if (result.Errors.Count > 0)
        {
            json.Null();
            return;
        }

        json.BeginArray();
        foreach (TxnResult row in result.Results)
        {
            json.BeginObject();
            switch (row)
            {
                case { Kv: { } entry }:
                    json.Name("KV"u8);
                    RecordJson.WriteKv(json, entry);
                    break;
                case { Node: { } node }:
                    json.Name("Node"u8);
                    RecordJson.WriteNode(json, node);
                    break;
                case { Service: { } service }:
                    json.Name("Service"u8);
                    RecordJson.WriteNodeService(json, service, tagsNullable: true);
                    break;
                case { Check: { } check }:
                    json.Name("Check"u8);
                    RecordJson.WriteCheck(json, check, tagsNullable: true);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }

            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteErrors(GoJsonWriter json, IReadOnlyList<TxnError> errors)
    {
        if (errors.Count == 0)
        {
            json.Null();
            return;
        }

        json.BeginArray();
        foreach (TxnError error in errors)
        {
            json.BeginObject();
            json.Name("OpIndex"u8);
            json.Number(error.OpIndex);
            json.Name("What"u8);
            json.String(error.What);
            json.EndObject();
        }

        json.EndArray();
    }

    internal static ApiResponse Unreadable(string reason) => ApiResponse.Text(400, "Failed to parse body: " + reason);

    internal static ApiResponse TooLarge(long? bytes, long bytesMax) => ApiResponse.Text(413, string.Create(
        CultureInfo.InvariantCulture,
        $"Request body{(bytes is { } announced ? $"({announced} bytes)" : string.Empty)} too large, max size: {bytesMax} bytes. See https://www.consul.io/docs/agent/options.html#txn_max_req_len."));
}
