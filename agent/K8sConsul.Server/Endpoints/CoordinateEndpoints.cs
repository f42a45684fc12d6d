using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>Takes coordinates as they arrive; the leader stores them in batches.</summary>
public interface ICoordinateSink
{
    void Update(CoordinateRecord coordinate);
}

/// <summary><c>/v1/coordinate/…</c></summary>
public sealed class CoordinateEndpoints(StateReader reader, ICoordinateSink sink)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/coordinate/nodes", ("GET", ApiScope.Read, NodesAsync));
        yield return new ApiRoute("/v1/coordinate/node/", ("GET", ApiScope.Read, NodeAsync));
        yield return new ApiRoute("/v1/coordinate/update", ("PUT", ApiScope.Leader, UpdateAsync));
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
        string node = request.Argument;
        return reader.ReadAsync(
            request,
            (state, watches) => state.CoordinatesOfNode(node, watches),
            coordinates => coordinates.IsEmpty
                ? ApiResponse.EmptyWithStatus(404)
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
                "node" => coordinate with { Node = JsonDecode.Text(value, ".Node") },
                "segment" => coordinate with { Segment = JsonDecode.Text(value, ".Segment") },
                "coord" => DecodeVector(value, coordinate),
                "datacenter" or "token" => coordinate,
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return coordinate;
    }

    private static CoordinateRecord DecodeVector(GoJsonValue value, CoordinateRecord coordinate)
    {
        foreach ((string name, GoJsonValue member) in value.Members)
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
