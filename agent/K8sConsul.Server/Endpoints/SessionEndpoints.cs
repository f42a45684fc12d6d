using System.Globalization;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>Told when a session was renewed; the leader restarts its time to live.</summary>
public interface ISessionTimers
{
    void Renew(SessionRecord session);
}

/// <summary><c>/v1/session/…</c></summary>
public sealed class SessionEndpoints(StateReader reader, ICommandLog log, ISessionTimers timers, SessionLimits limits)
{
    /// <summary>A lock delay given as a bare number below this means seconds, else nanoseconds.</summary>
    private const double LockDelaySecondsBelow = 1000;

    private static readonly TimeSpan LockDelayDefault = TimeSpan.FromSeconds(15);

    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/session/create", ("PUT", ApiScope.Leader, CreateAsync));
        yield return new ApiRoute("/v1/session/destroy/", ("PUT", ApiScope.Leader, DestroyAsync));
        yield return new ApiRoute("/v1/session/renew/", ("PUT", ApiScope.Leader, RenewAsync));
        yield return new ApiRoute("/v1/session/info/", ("GET", ApiScope.Read, InfoAsync));
        yield return new ApiRoute("/v1/session/node/", ("GET", ApiScope.Read, NodeAsync));
        yield return new ApiRoute("/v1/session/list", ("GET", ApiScope.Read, ListAsync));
    }

    private async ValueTask<ApiResponse> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        SessionRecord session = Decode(request);
        Validate(session);
        ApplyOutcome outcome = await log.ApplyAsync(new SessionCommand(Destroy: false, session)).ConfigureAwait(false);
        if (outcome.Result.Refused is { } reason)
        {
            return ApiResponse.Text(500, reason);
        }

        timers.Renew(session);
        return ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            json.Name("ID"u8);
            json.String(session.Id);
            json.EndObject();
        });
    }

    private async ValueTask<ApiResponse> DestroyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = RequireId(request, isRead: false);
        ApplyOutcome outcome = await log
            .ApplyAsync(new SessionCommand(Destroy: true, new SessionRecord { Id = id, Node = string.Empty }))
            .ConfigureAwait(false);
        return outcome.Result.Refused is { } reason ? ApiResponse.Text(500, reason) : ApiResponse.Json(request, value: true);
    }

    private ValueTask<ApiResponse> RenewAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = RequireId(request, isRead: false);
        (_, SessionRecord? session) = reader.Current.SessionGet(id);
        if (session is null)
        {
            return ValueTask.FromResult(ApiResponse.Text(404, $"Session id '{id}' not found"));
        }

        timers.Renew(session);
        return ValueTask.FromResult(ApiResponse.Json(request, json => Write(json, [session])));
    }

    private ValueTask<ApiResponse> InfoAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = RequireId(request, isRead: true);
        return reader.ReadAsync(
            request,
            (state, watches) => state.SessionGet(id, watches),
            session => ApiResponse.Json(request, json => Write(json, session is null ? [] : [session])),
            tellConsistency: false,
            cancellationToken);
    }

    private ValueTask<ApiResponse> NodeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string node = request.Argument;
        if (node.Length == 0)
        {
            throw ApiRefusedException.BadRequest("Missing node name");
        }

        return reader.ReadAsync(
            request,
            (state, watches) => state.SessionsOfNode(node, watches),
            sessions => ApiResponse.Json(request, json => Write(json, sessions)),
            tellConsistency: false,
            cancellationToken);
    }

    private ValueTask<ApiResponse> ListAsync(ApiRequest request, CancellationToken cancellationToken) =>
        reader.ReadAsync(
            request,
            (state, watches) => state.SessionList(watches),
            sessions => ApiResponse.Json(request, json => Write(json, sessions)),
            tellConsistency: false,
            cancellationToken);

    private static void Write(GoJsonWriter json, IEnumerable<SessionRecord> sessions)
    {
        json.BeginArray();
        foreach (SessionRecord session in sessions)
        {
            RecordJson.WriteSession(json, session);
        }

        json.EndArray();
    }

    private static string RequireId(ApiRequest request, bool isRead)
    {
        if (request.Argument.Length == 0)
        {
            throw ApiRefusedException.BadRequest("Missing session");
        }

        return Uuid.Lookup(request.Argument) is { } wrong
            ? throw new ApiRefusedException(500, "failed session lookup: index error: " + wrong, withReadMeta: isRead)
            : request.Argument;
    }

    private static SessionRecord Decode(ApiRequest request)
    {
        var session = new SessionRecord
        {
            Id = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture),
            Node = request.Source.Node,
            LockDelay = LockDelayDefault,
            NodeChecks = [CheckRecord.SerfHealthId],
        };
        if (request.Body.IsEmpty)
        {
            return session;
        }

        try
        {
            return Apply(session, JsonDecode.Object(request.Body.Span, "struct { LockDelay interface {}; *structs.Alias }").Members);
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Request decode failed: " + error.Message);
        }
    }

    /// <summary>Older clients say <c>Checks</c> for <c>NodeChecks</c>; who says both means all of them.</summary>
    private static SessionRecord Apply(SessionRecord session, IReadOnlyList<KeyValuePair<string, GoJsonValue>> members)
    {
        IReadOnlyList<string>? nodeChecks = null;
        IReadOnlyList<string>? legacy = null;
        foreach ((string name, GoJsonValue value) in members)
        {
            switch (name.ToLowerInvariant())
            {
                case "nodechecks":
                    nodeChecks = JsonDecode.Texts(value, ".NodeChecks");
                    break;
                case "checks" when !value.IsNull:
                    legacy = JsonDecode.Texts(value, ".Checks", "types.CheckID");
                    break;
                default:
                    session = Apply(session, name, value);
                    break;
            }
        }

        return nodeChecks is null && legacy is null
            ? session
            : session with { NodeChecks = [.. (nodeChecks ?? []).Union(legacy ?? [], StringComparer.Ordinal)] };
    }

    private static SessionRecord Apply(SessionRecord session, string name, GoJsonValue value) => name.ToLowerInvariant() switch
    {
        "name" => session with { Name = JsonDecode.Text(value, ".Name") },
        "node" when !value.IsNull => session with { Node = JsonDecode.Text(value, ".Node") },
        "servicechecks" => session with { ServiceChecks = [.. JsonDecode.List(value, ".ServiceChecks", "[]structs.ServiceCheck").Select(ServiceCheck)] },
        "lockdelay" => session with { LockDelay = LockDelay(value, session.LockDelay) },
        "behavior" => session with { Behavior = JsonDecode.Text(value, ".Behavior", "structs.SessionBehavior") is { Length: > 0 } behavior ? behavior : SessionBehavior.Release },
        "ttl" => session with { Ttl = JsonDecode.Text(value, ".TTL") },
        _ => session,
    };

    private static SessionServiceCheck ServiceCheck(GoJsonValue value)
    {
        var check = new SessionServiceCheck(string.Empty, string.Empty);
        foreach ((string name, GoJsonValue member) in JsonDecode.Members(value, ".ServiceChecks", "structs.ServiceCheck"))
        {
            check = name.ToLowerInvariant() switch
            {
                "id" => check with { Id = JsonDecode.Text(member, "ServiceCheck.ServiceChecks.ID") },
                "namespace" => check with { Namespace = JsonDecode.Text(member, "ServiceCheck.ServiceChecks.Namespace") },
                _ => check,
            };
        }

        return check;
    }

    private static TimeSpan LockDelay(GoJsonValue value, TimeSpan present) => value.Kind switch
    {
        GoJsonKind.Number when JsonDecode.Float(value, ".LockDelay") < LockDelaySecondsBelow =>
            TimeSpan.FromSeconds(Math.Truncate(JsonDecode.Float(value, ".LockDelay"))),
        GoJsonKind.Number or GoJsonKind.String => JsonDecode.Duration(value, ".LockDelay"),
        _ => present,
    };

    private void Validate(SessionRecord session)
    {
        if (session.Node.Length == 0)
        {
            throw ApiRefusedException.Failed("Must provide Node");
        }

        if (session.Behavior is not (SessionBehavior.Release or SessionBehavior.Delete))
        {
            throw ApiRefusedException.Failed($"Invalid Behavior setting '{session.Behavior}'");
        }

        if (session.Ttl.Length == 0)
        {
            return;
        }

        if (!GoDuration.TryParse(session.Ttl, out GoDuration ttl, out string error))
        {
            throw ApiRefusedException.Failed($"Session TTL '{session.Ttl}' invalid: {error}");
        }

        if (ttl.Nanoseconds != 0 && (ttl.CompareTo(limits.TtlMin) < 0 || ttl.CompareTo(SessionLimits.TtlMax) > 0))
        {
            throw ApiRefusedException.Failed(
                $"Invalid Session TTL '{ttl.Nanoseconds}', must be between [{limits.TtlMin}={SessionLimits.TtlMax}]");
        }
    }
}

/// <summary>Bounds of a session's time to live. The lower one is <c>session_ttl_min</c>, 10 s unless configured.</summary>
public sealed record SessionLimits(GoDuration TtlMin)
{
    public static readonly GoDuration TtlMax = new(24L * 3600 * 1_000_000_000);
}
