using System.Globalization;
using K8sConsul.Agent.Membership;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Gossip;
using K8sConsul.Logging;
using K8sConsul.Server.Api;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Api;

/// <summary>The agent as a whole: <c>/v1/agent/self</c>, members, join, leave, reload, monitor.</summary>
internal sealed class AgentEndpoints(IAgentControl agent, LogHub logs)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/agent/self", ("GET", ApiScope.Agent, SelfAsync));
        yield return LocalServiceEndpoints.Route("/v1/agent/members", "GET", Members);
        yield return new ApiRoute("/v1/agent/join/", ("PUT", ApiScope.Agent, JoinAsync));
        yield return LocalServiceEndpoints.Route("/v1/agent/leave", "PUT", Leave);
        yield return new ApiRoute("/v1/agent/force-leave/", ("PUT", ApiScope.Agent, ForceLeaveAsync));
        yield return new ApiRoute("/v1/agent/reload", ("PUT", ApiScope.Agent, ReloadAsync));
        yield return LocalServiceEndpoints.Route("/v1/agent/monitor", "GET", Monitor);
        yield return LocalServiceEndpoints.Route("/v1/agent/host", "GET", HostInformation.Answer);
    }

    private async ValueTask<ApiResponse> SelfAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        SortedDictionary<string, SortedDictionary<string, string>> stats = await agent.StatsAsync().ConfigureAwait(false);
        SelfDescription self = agent.Self;
        return ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            json.Name("Config"u8);
            json.BeginObject();
            json.Name("Datacenter"u8);
            json.String(self.Datacenter);
            json.Name("NodeName"u8);
            json.String(self.NodeName);
            json.Name("NodeID"u8);
            json.String(self.NodeId);
            json.Name("Revision"u8);
            json.String(self.Revision);
            json.Name("Server"u8);
            json.Bool(self.IsServer);
            json.Name("Version"u8);
            json.String(self.Version);
            json.EndObject();
            json.Name("DebugConfig"u8);
            PlainJson.Write(json, agent.DebugConfig());
            json.Name("Coord"u8);
            WriteCoordinate(json, self.CoordinatesEnabled ? agent.Lan.Coordinate : null);
            json.Name("Member"u8);
            MemberJson.Write(json, agent.LocalMember);
            json.Name("Stats"u8);
            PlainJson.Write(json, stats);
            json.Name("Meta"u8);
            PlainJson.Write(json, Sorted.Of(self.Meta));
            json.EndObject();
        });
    }

    private static void WriteCoordinate(GoJsonWriter json, Coordinate? coordinate)
    {
        if (coordinate is null)
        {
            json.Null();
            return;
        }

        json.BeginObject();
        json.Name("Vec"u8);
        json.BeginArray();
        foreach (double component in coordinate.Vec)
        {
            json.Number(component);
        }

        json.EndArray();
        json.Name("Error"u8);
        json.Number(coordinate.Error);
        json.Name("Adjustment"u8);
        json.Number(coordinate.Adjustment);
        json.Name("Height"u8);
        json.Number(coordinate.Height);
        json.EndObject();
    }

    private ApiResponse Members(ApiRequest request)
    {
        bool wan = request.Query["wan"].Length > 0;
        string segment = request.Query["segment"];
        if (wan && segment.Length > 0 && segment != "_all")
        {
            throw ApiRefusedException.BadRequest("Cannot provide a segment with wan=true");
        }

        if (segment.Length > 0 && segment != "_all")
        {
            throw ApiRefusedException.Failed("Network segments are not supported in this version of Consul");
        }

        MemberList? members = wan ? agent.Wan?.Members : agent.Lan.Members;
        return ApiResponse.Json(request, json =>
        {
            if (members is null)
            {
                json.Null();
                return;
            }

            json.BeginArray();
            foreach (Member member in members.All)
            {
                MemberJson.Write(json, member);
            }

            json.EndArray();
        });
    }

    private async ValueTask<ApiResponse> JoinAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        bool wan = request.Query["wan"].Length > 0;
        GossipPool pool = wan
            ? agent.Wan ?? throw ApiRefusedException.Failed("Must be a server to join WAN cluster")
            : agent.Lan;
        JoinResult result = await pool.JoinAsync([request.Argument], ignoreOldEvents: true, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? ApiResponse.Empty() : ApiResponse.Text(500, result.ErrorText);
    }

    private ApiResponse Leave(ApiRequest request)
    {
        agent.BeginLeave();
        return ApiResponse.Empty();
    }

    private async ValueTask<ApiResponse> ForceLeaveAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string node = request.Argument;
        bool prune = request.Query.Has("prune");
        bool known = await agent.Lan.ForceLeaveAsync(node, prune, cancellationToken).ConfigureAwait(false);
        if (agent.Wan is { } wan)
        {
            await wan.ForceLeaveAsync($"{node}.{agent.Self.Datacenter}", prune, cancellationToken).ConfigureAwait(false);
        }

        return known ? ApiResponse.Empty() : ApiResponse.Text(500, $"agent: No node found with name '{node}'");
    }

    private async ValueTask<ApiResponse> ReloadAsync(ApiRequest request, CancellationToken cancellationToken) =>
        await agent.ReloadAsync(cancellationToken).ConfigureAwait(false) is { } error
            ? ApiResponse.Text(500, error)
            : ApiResponse.Empty();

    /// <summary>The log as it is written, until the client goes. Headers leave at once.</summary>
    private ApiResponse Monitor(ApiRequest request)
    {
        string text = request.Query["loglevel"] is { Length: > 0 } given ? given : "INFO";
        if (!LogLevels.TryParse(text, out LogLevel level))
        {
            throw ApiRefusedException.BadRequest(string.Create(CultureInfo.InvariantCulture, $"Bad request: Unknown log level: {text}"));
        }

        bool asJson = request.Query.Has("logjson");
        return new ApiResponse
        {
            Stream = async (output, stop) =>
            {
                using LogSubscription subscription = logs.Subscribe(level, asJson);
                await output.FlushAsync(stop).ConfigureAwait(false);
                await foreach (string line in subscription.Lines.ReadAllAsync(stop).ConfigureAwait(false))
                {
                    await output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line.EndsWith('\n') ? line : line + "\n"), stop).ConfigureAwait(false);
                    await output.FlushAsync(stop).ConfigureAwait(false);
                }
            },
        };
    }
}
