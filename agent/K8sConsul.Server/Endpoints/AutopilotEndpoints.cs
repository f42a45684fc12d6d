using System.Globalization;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Gossip;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/operator/autopilot/…</c></summary>
public sealed class AutopilotEndpoints(ICommandLog log, StateStore store, Func<ClusterHealth> health)
{
    /// <summary>Of a server that did not answer.</summary>
    private static readonly GoDuration UnknownContact = new(-1);

    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute(
            "/v1/operator/autopilot/configuration", ("GET", ApiScope.Read, ConfigurationAsync), ("PUT", ApiScope.Leader, ConfigureAsync))
        {
            TellsFailedReads = false,
        };
        yield return new ApiRoute("/v1/operator/autopilot/health", ("GET", ApiScope.Leader, HealthAsync));
        yield return new ApiRoute("/v1/operator/autopilot/state", ("GET", ApiScope.Leader, StateAsync));
    }

    private ValueTask<ApiResponse> ConfigurationAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        AutopilotRecord config = store.Current.Autopilot ?? throw ApiRefusedException.Failed("autopilot config not initialized yet");
        return ValueTask.FromResult(ApiResponse.Json(request, json => Write(json, config)));
    }

    private async ValueTask<ApiResponse> ConfigureAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        AutopilotRecord config;
        try
        {
            config = Decode(request.Body.Span);
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Bad request: Error parsing autopilot config: " + error.Message);
        }

        bool isConditional = request.Query.Has("cas");
        if (isConditional)
        {
            config = config with
            {
                ModifyIndex = QueryNumber.TryParse(request.Query["cas"], out ulong index, out string? error)
                    ? index
                    : throw ApiRefusedException.BadRequest("Bad request: Error parsing cas value: " + error),
            };
        }

        ApplyOutcome outcome = await log.ApplyAsync(new AutopilotCommand(config, isConditional)).ConfigureAwait(false);
        return ApiResponse.Json(request, outcome.Result.Succeeded);
    }

    /// <summary>429 with the same body when not all is well, as load balancers and scripts ask by status alone.</summary>
    private ValueTask<ApiResponse> HealthAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        ClusterHealth now = health();
        return ValueTask.FromResult(now.IsHealthy
            ? ApiResponse.Json(request, json => Write(json, now))
            : ApiResponse.Json(request, json => Write(json, now), status: 429, ApiResponse.TextType));
    }

    private ValueTask<ApiResponse> StateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        ClusterHealth now = health();
        return ValueTask.FromResult(ApiResponse.Json(request, json => WriteState(json, now, store.Current)));
    }

    private static void Write(GoJsonWriter json, AutopilotRecord config)
    {
        json.BeginObject();
        json.Name("CleanupDeadServers"u8);
        json.Bool(config.CleanupDeadServers);
        json.Name("LastContactThreshold"u8);
        json.String(config.LastContactThreshold.ToString());
        json.Name("MaxTrailingLogs"u8);
        json.Number(config.MaxTrailingLogs);
        json.Name("MinQuorum"u8);
        json.Number(config.MinQuorum);
        json.Name("ServerStabilizationTime"u8);
        json.String(config.ServerStabilizationTime.ToString());
        json.Name("RedundancyZoneTag"u8);
        json.String(config.RedundancyZoneTag);
        json.Name("DisableUpgradeMigration"u8);
        json.Bool(config.DisableUpgradeMigration);
        json.Name("UpgradeVersionTag"u8);
        json.String(config.UpgradeVersionTag);
        json.Name("CreateIndex"u8);
        json.Number(config.CreateIndex);
        json.Name("ModifyIndex"u8);
        json.Number(config.ModifyIndex);
        json.EndObject();
    }

    private static void Write(GoJsonWriter json, ClusterHealth cluster)
    {
        json.BeginObject();
        json.Name("Healthy"u8);
        json.Bool(cluster.IsHealthy);
        json.Name("FailureTolerance"u8);
        json.Number(cluster.FailureTolerance);
        json.Name("Servers"u8);
        if (cluster.Servers.Count == 0)
        {
            json.Null();
            json.EndObject();
            return;
        }

        json.BeginArray();
        foreach (ServerHealth server in cluster.Servers)
        {
            json.BeginObject();
            WriteIdentity(json, server);
            json.Name("SerfStatus"u8);
            json.String((server.Status ?? MemberStatus.None).ToConsulText());
            json.Name("Version"u8);
            json.String(server.Version);
            json.Name("Leader"u8);
            json.Bool(server.IsLeader);
            WriteStats(json, server);
            json.Name("Healthy"u8);
            json.Bool(server.IsHealthy);
            json.Name("Voter"u8);
            json.Bool(server.IsVoter);
            json.Name("StableSince"u8);
            json.String(TimeText(server.StableSince));
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
    }

    private static void WriteState(GoJsonWriter json, ClusterHealth cluster, StateSnapshot state)
    {
        json.BeginObject();
        json.Name("Healthy"u8);
        json.Bool(cluster.IsHealthy);
        json.Name("FailureTolerance"u8);
        json.Number(cluster.FailureTolerance);

        // Redundancy zones would make a difference; without them the two are one.
        json.Name("OptimisticFailureTolerance"u8);
        json.Number(cluster.FailureTolerance);
        json.Name("Servers"u8);
        json.BeginObject();
        foreach (ServerHealth server in cluster.Servers)
        {
            json.Name(server.Id.Value!);
            json.BeginObject();
            WriteIdentity(json, server);
            json.Name("NodeStatus"u8);
            json.String((server.Status ?? MemberStatus.None).ToConsulText());
            json.Name("Version"u8);
            json.String(server.Version);
            WriteStats(json, server);
            json.Name("Healthy"u8);
            json.Bool(server.IsHealthy);
            json.Name("StableSince"u8);
            json.String(TimeText(server.StableSince));
            json.Name("Status"u8);
            json.String(server.IsLeader ? "leader" : server.IsVoter ? "voter" : "non-voter");
            json.Name("Meta"u8);
            RecordJson.WriteMap(json, server.Name.Length == 0 ? null : state.Node(server.Name)?.Meta);
            json.Name("NodeType"u8);
            json.String(server.IsVoter || server.WantsVote ? "voter" : "read-replica");
            json.EndObject();
        }

        json.EndObject();
        json.Name("Leader"u8);
        json.String(cluster.Servers.FirstOrDefault(server => server.IsLeader)?.Id.Value ?? string.Empty);
        json.Name("Voters"u8);
        RecordJson.WriteTexts(json, [.. cluster.Servers.Where(server => server.IsVoter).Select(server => server.Id.Value!)]);
        json.EndObject();
    }

    private static void WriteIdentity(GoJsonWriter json, ServerHealth server)
    {
        json.Name("ID"u8);
        json.String(server.Id.Value);
        json.Name("Name"u8);
        json.String(server.Name);
        json.Name("Address"u8);
        json.String(server.Address);
    }

    private static void WriteStats(GoJsonWriter json, ServerHealth server)
    {
        json.Name("LastContact"u8);
        json.String((server.Stats?.LastContact is { } contact ? GoDuration.FromTimeSpan(contact) : UnknownContact).ToString());
        json.Name("LastTerm"u8);
        json.Number(server.Stats?.LastEntry.Term.Value ?? 0);
        json.Name("LastIndex"u8);
        json.Number(server.Stats?.LastEntry.Index.Value ?? 0);
    }

    /// <summary>To the second; Go's zero time where there is none.</summary>
    private static string TimeText(DateTimeOffset? time) =>
        (time?.AddMilliseconds(500).UtcDateTime ?? default).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A write replaces the whole: what the body leaves out becomes zero, and none of the defaults.</summary>
    private static AutopilotRecord Decode(ReadOnlySpan<byte> body)
    {
        var config = new AutopilotRecord
        {
            CleanupDeadServers = false, LastContactThreshold = default, MaxTrailingLogs = 0, ServerStabilizationTime = default,
        };
        foreach ((string name, GoJsonValue value) in JsonDecode.Object(body, "api.AutopilotConfiguration").Members)
        {
            config = name.ToLowerInvariant() switch
            {
                "cleanupdeadservers" => config with { CleanupDeadServers = JsonDecode.Bool(value, "AutopilotConfiguration.CleanupDeadServers") },
                "lastcontactthreshold" => config with { LastContactThreshold = Duration(value) },
                "maxtrailinglogs" => config with { MaxTrailingLogs = JsonDecode.UInt(value, "AutopilotConfiguration.MaxTrailingLogs") },
                "minquorum" => config with { MinQuorum = JsonDecode.UInt(value, "AutopilotConfiguration.MinQuorum", "uint") },
                "serverstabilizationtime" => config with { ServerStabilizationTime = Duration(value) },
                "redundancyzonetag" => config with { RedundancyZoneTag = JsonDecode.Text(value, "AutopilotConfiguration.RedundancyZoneTag") },
                "disableupgrademigration" => config with { DisableUpgradeMigration = JsonDecode.Bool(value, "AutopilotConfiguration.DisableUpgradeMigration") },
                "upgradeversiontag" => config with { UpgradeVersionTag = JsonDecode.Text(value, "AutopilotConfiguration.UpgradeVersionTag") },
                "createindex" => config with { CreateIndex = JsonDecode.UInt(value, "AutopilotConfiguration.CreateIndex") },
                "modifyindex" => config with { ModifyIndex = JsonDecode.UInt(value, "AutopilotConfiguration.ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return config;
    }

    /// <summary>Consul's <c>ReadableDuration</c>: a text, or anything else as the nanoseconds that Go makes of it.</summary>
    private static GoDuration Duration(GoJsonValue value)
    {
        switch (value.Kind)
        {
            case GoJsonKind.Null:
                return default;
            case GoJsonKind.String:
                return GoDuration.TryParse(value.Text, out GoDuration duration, out string error) ? duration : throw new GoJsonException(error);
            case GoJsonKind.Number:
                double number = double.Parse(value.Text, CultureInfo.InvariantCulture);
                return double.IsFinite(number) ? new GoDuration((long)number) : throw NoNumber(value.Text, "value out of range");
            default:
                throw NoNumber(value.Kind == GoJsonKind.Bool ? value.Bool ? "true" : "false" : value.Kind == GoJsonKind.Array ? "[]" : "{}", "invalid syntax");
        }
    }

    private static GoJsonException NoNumber(string text, string why) => new($"strconv.ParseFloat: parsing {GoText.Quote(text)}: {why}");
}
