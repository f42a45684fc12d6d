using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.State.Commands;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/kv/:key</c></summary>
public sealed class KvEndpoints(StateReader reader, ICommandLog log, LockDelayTable lockDelays, long valueBytesMax)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute(
            "/v1/kv/",
            ("GET", ApiScope.Read, GetAsync),
            ("PUT", ApiScope.Leader, PutAsync),
            ("DELETE", ApiScope.Leader, DeleteAsync))
        {
            BodyBytesMax = valueBytesMax,
            BodyTooLarge = bytes => TooLarge(bytes, valueBytesMax),
            BodyUnreadable = Unreadable,
            TellsFailedReads = false,
        };
    }

    /// <summary>GET: one entry, a tree (<c>?recurse</c>), key names (<c>?keys</c>), or the bare value (<c>?raw</c>).</summary>
    private ValueTask<ApiResponse> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string key = request.Argument;
        if (request.Query.Has("keys"))
        {
            return ListKeysAsync(request, key, cancellationToken);
        }

        if (request.Query.Has("recurse"))
        {
            return reader.ReadAsync(
                request,
                (state, watches) => state.KvList(key, watches),
                entries => entries.IsEmpty ? ApiResponse.EmptyWithStatus(404) : ApiResponse.Json(request, json => WriteAll(json, entries)),
                tellConsistency: false,
                cancellationToken);
        }

        if (key.Length == 0)
        {
            throw ApiRefusedException.BadRequest("Missing key name");
        }

        bool raw = request.Query.Has("raw");
        return reader.ReadAsync(
            request,
            (state, watches) => state.KvGet(key, watches),
            entry => entry is null ? ApiResponse.EmptyWithStatus(404) : raw ? Raw(entry) : One(request, entry),
            tellConsistency: false,
            cancellationToken);
    }

    private ValueTask<ApiResponse> ListKeysAsync(ApiRequest request, string prefix, CancellationToken cancellationToken)
    {
        // A misspelling that early clients used is understood as well.
        string separator = request.Query["separator"] is { Length: > 0 } right ? right : request.Query["seperator"];
        return reader.ReadAsync(
            request,
            (state, watches) => state.KvList(prefix, watches),
            entries =>
            {
                List<string> keys = Fold(entries, prefix, separator);
                return keys.Count == 0 && prefix.Length > 0
                    ? ApiResponse.EmptyWithStatus(404)
                    : ApiResponse.Json(request, json => RecordJson.WriteTexts(json, keys));
            },
            tellConsistency: false,
            cancellationToken);
    }

    /// <summary>Key names in order, each cut after the first separator behind the prefix, without repetition.</summary>
    internal static List<string> Fold(RadixRange<KvRecord> entries, string prefix, string separator)
    {
        var keys = new List<string>();
        foreach (KvRecord entry in entries)
        {
            int at = separator.Length == 0 ? -1 : entry.Key.IndexOf(separator, prefix.Length, StringComparison.Ordinal);
            string name = at < 0 ? entry.Key : entry.Key[..(at + separator.Length)];
            if (keys.Count == 0 || !string.Equals(keys[^1], name, StringComparison.Ordinal))
            {
                keys.Add(name);
            }
        }

        return keys;
    }

    private static void WriteAll(GoJsonWriter json, RadixRange<KvRecord> entries)
    {
        json.BeginArray();
        foreach (KvRecord entry in entries)
        {
            RecordJson.WriteKv(json, entry);
        }

        json.EndArray();
    }

    private static ApiResponse One(ApiRequest request, KvRecord entry) => ApiResponse.Json(request, json =>
    {
        json.BeginArray();
        RecordJson.WriteKv(json, entry);
        json.EndArray();
    });

    /// <summary>Stored bytes may be anything: browsers are told not to guess and not to run them.</summary>
    private static ApiResponse Raw(KvRecord entry) =>
        ApiResponse.Bytes(200, "text/plain", entry.Value)
            .WithHeader("X-Content-Type-Options", "nosniff")
            .WithHeader("Content-Security-Policy", "sandbox");

    /// <summary>PUT: store, compare-and-set, acquire or release. Answers whether it took effect.</summary>
    private async ValueTask<ApiResponse> PutAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // The parameters of reads mean nothing to writes, but are parsed.
        _ = ReadOptions.Parse(request);
        string key = request.Argument;
        RefuseMissingKey(key);
        RefuseConflicts(request.Query, "cas", "acquire", "release");
        var entry = new KvRecord { Key = key, Value = request.Body.ToArray() };
        if (request.Query.Has("flags"))
        {
            entry = entry with { Flags = ParseUInt(request.Query["flags"]) };
        }

        string verb = KvVerb.Set;
        if (request.Query.Has("cas"))
        {
            verb = KvVerb.Cas;
            entry = entry with { ModifyIndex = ParseUInt(request.Query["cas"]) };
        }
        else if (request.Query.Has("acquire"))
        {
            verb = KvVerb.Lock;
            entry = entry with { Session = request.Query["acquire"] };
            if (lockDelays.IsDelayed(key))
            {
                return ApiResponse.Json(request, value: false);
            }

            RefuseMalformedSession(entry.Session);
        }
        else if (request.Query.Has("release"))
        {
            verb = KvVerb.Unlock;
            entry = entry with { Session = request.Query["release"] };
        }

        return Answer(request, await log.ApplyAsync(new KvCommand(verb, entry)).ConfigureAwait(false));
    }

    /// <summary>DELETE: one key, a tree (<c>?recurse</c>), or compare-and-delete (<c>?cas</c>).</summary>
    private async ValueTask<ApiResponse> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        string key = request.Argument;
        bool recurse = request.Query.Has("recurse");
        RefuseConflicts(request.Query, "recurse", "cas");
        if (!recurse)
        {
            RefuseMissingKey(key);
        }

        var entry = new KvRecord { Key = key };
        string verb = recurse ? KvVerb.DeleteTree : KvVerb.Delete;
        if (request.Query.Has("cas"))
        {
            verb = KvVerb.DeleteCas;
            entry = entry with { ModifyIndex = ParseUInt(request.Query["cas"]) };
        }

        return Answer(request, await log.ApplyAsync(new KvCommand(verb, entry)).ConfigureAwait(false));
    }

    private static ApiResponse Answer(ApiRequest request, ApplyOutcome outcome) => outcome.Result.Refused is { } reason
        ? ApiResponse.Text(500, reason)
        : ApiResponse.Json(request, outcome.Result.Succeeded);

    internal static ApiResponse Unreadable(string reason) => ApiResponse.Text(500, reason);

    internal static ApiResponse TooLarge(long? bytes, long valueBytesMax) => ApiResponse.Text(
        413,
        $"Request body{(bytes is { } announced ? $"({announced} bytes)" : string.Empty)} too large, max size: {valueBytesMax} bytes. See https://www.consul.io/docs/agent/options.html#kv_max_value_size.");

    private static void RefuseMissingKey(string key)
    {
        if (key.Length == 0)
        {
            throw ApiRefusedException.BadRequest("Missing key name");
        }
    }

    private static void RefuseConflicts(ApiQuery query, params ReadOnlySpan<string> flags)
    {
        int given = 0;
        foreach (string flag in flags)
        {
            given += query.Has(flag) ? 1 : 0;
        }

        if (given > 1)
        {
            throw ApiRefusedException.BadRequest($"Conflicting flags: {query.Encode()}");
        }
    }

    /// <summary>A session that is no UUID is refused by the lookup in Consul's words, before anything is proposed.</summary>
    private static void RefuseMalformedSession(string session)
    {
        if (session.Length > 0 && Uuid.Lookup(session) is { } wrong)
        {
            throw ApiRefusedException.Failed("failed session lookup: index error: " + wrong);
        }
    }

    private static ulong ParseUInt(string text) =>
        QueryNumber.TryParse(text, out ulong value, out string? error) ? value : throw ApiRefusedException.Failed(error);
}
