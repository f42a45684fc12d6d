using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>Takes coordinates as they arrive; the leader stores them in batches.</summary>
public interface ICoordinateSink
{
    void Update(CoordinateRecord coordinate);
}

/// <summary><c>/v1/coordinate/…</c></summary>
public sealed class CoordinateEndpoints(StateReader reader, ICoordinateSink sink, IDatacenters datacenters)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/coordinate/datacenters", ("GET", ApiScope.Server, DatacentersAsync)) { IgnoresDatacenter = true };
        yield return new ApiRoute("/v1/coordinate/nodes", ("GET", ApiScope.Read, NodesAsync));
        yield return new ApiRoute("/v1/coordinate/node/", ("GET", ApiScope.Read, NodeAsync));
        yield return new ApiRoute("/v1/coordinate/update", ("PUT", ApiScope.Leader, UpdateAsync));
    }

    private ValueTask<ApiResponse> DatacentersAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.Parse(request);
        return ValueTask.FromResult(ApiResponse.Json(request, json =>
        {
            json.BeginArray();
            foreach (DatacenterMap map in datacenters.Maps)
            {
                json.BeginObject();
                json.Name("Datacenter"u8);
                json.String(map.Datacenter);
                json.Name("AreaID"u8);
                json.String("wan");
                json.Name("Coordinates"u8);
                Write(json, map.Coordinates);
                json.EndObject();
            }

            json.EndArray();
        }));
    }

    private ValueTask<ApiResponse> NodesAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string? segment = request.Query.Has("segment") ? request.Query["segment"] : null;
        return reader.ReadAsync(
            request,
            (state, watches) => state.CoordinateList(watches),
            coordinates => ApiResponse.Json(request, json => Write(
                json,
                coordinates.Where(c => segment is null || string.Equals(c.Segment, segment, StringComparison.Ordinal)))),
            tellConsistency: false,
            cancellationToken);
    }

    private ValueTask<ApiResponse> NodeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // The node is shown as it was asked for. Consul shows the coordinates of one segment here, of the default one unless asked.
        string node = request.Argument;
        string segment = request.Query["segment"];
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, RadixRange<CoordinateRecord> found) = state.CoordinatesOfNode(node, watches);
                return (index, found.Where(c => string.Equals(c.Segment, segment, StringComparison.Ordinal)).Select(c => c with { Node = node }).ToList());
            },
            coordinates => coordinates.Count == 0
                ? ApiResponse.EmptyWithStatus(404).WithoutMeta()
                : ApiResponse.Json(request, json => Write(json, coordinates)),
            tellConsistency: false,
            cancellationToken);
    }

    private ValueTask<ApiResponse> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        CoordinateRecord coordinate;
        try
        {
            coordinate = Decode(request.Body.Span);
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Request decode failed: " + error.Message);
        }

        if (coordinate.Vec.Length != CoordinateRecord.Dimensions)
        {
            throw ApiRefusedException.Failed("incompatible coordinate");
        }

        if (!coordinate.Vec.All(double.IsFinite)
            || !double.IsFinite(coordinate.Error) || !double.IsFinite(coordinate.Adjustment) || !double.IsFinite(coordinate.Height))
        {
            throw ApiRefusedException.Failed("invalid coordinate");
        }

        sink.Update(coordinate);
        return ValueTask.FromResult(ApiResponse.Empty());
    }

    private static void Write(GoJsonWriter json, IEnumerable<CoordinateRecord> coordinates)
    {
        json.BeginArray();
        foreach (CoordinateRecord coordinate in coordinates)
        {
            RecordJson.WriteCoordinate(json, coordinate);
        }

        json.EndArray();
    }

    private static CoordinateRecord Decode(ReadOnlySpan<byte> body)
    {
        var coordinate = new CoordinateRecord { Node = string.Empty, Vec = [] };
        foreach ((string name, GoJsonValue value) in JsonDecode.Object(body, "structs.CoordinateUpdateRequest").Members)
        {
            coordinate = name.ToLowerInvariant() switch
            {
                "node" => coordinate with { Node = JsonDecode.Text(value, "CoordinateUpdateRequest.Node") },
                "segment" => coordinate with { Segment = JsonDecode.Text(value, "CoordinateUpdateRequest.Segment") },
                "coord" => DecodeVector(value, coordinate),
                "datacenter" or "token" => coordinate,
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return coordinate;
    }

    private static CoordinateRecord DecodeVector(GoJsonValue value, CoordinateRecord coordinate)
    {
        foreach ((string name, GoJsonValue member) in JsonDecode.Members(value, "CoordinateUpdateRequest.Coord", "coordinate.Coordinate"))
        {
            coordinate = name.ToLowerInvariant() switch
            {
                "vec" => coordinate with { Vec = [.. JsonDecode.List(member, "Coordinate.Coord.Vec", "[]float64").Select(v => JsonDecode.Float(v, "Coordinate.Coord.Vec"))] },
                "error" => coordinate with { Error = JsonDecode.Float(member, "Coordinate.Coord.Error") },
                "adjustment" => coordinate with { Adjustment = JsonDecode.Float(member, "Coordinate.Coord.Adjustment") },
                "height" => coordinate with { Height = JsonDecode.Float(member, "Coordinate.Coord.Height") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return coordinate;
    }
}
