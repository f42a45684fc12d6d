using K8sConsul.Server.Api;
using K8sConsul.State;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>Sorting by distance (<c>?near</c>): stable, unknown nodes last.</summary>
internal static class NearSorting
{
    /// <summary>The node to sort from, or null where the request does not ask for sorting.</summary>
    public static string? Source(ApiRequest request) => request.Query["near"] switch
    {
        "" => null,
        "_agent" => request.Source.Node,
        string node => node,
    };

    /// <summary>Orders <paramref name="rows"/> by distance from <paramref name="source"/>; as they are where it is null or unknown.</summary>
    public static IReadOnlyList<T> Sort<T>(StateSnapshot state, string? source, IReadOnlyList<T> rows, Func<T, string> nodeOf)
    {
        if (source is null || Coordinate(state, source) is not { } origin)
        {
            return rows;
        }

        return [.. rows.OrderBy(row => Coordinate(state, nodeOf(row)) is { } place ? origin.DistanceTo(place) : TimeSpan.MaxValue)];
    }

    private static CoordinateRecord? Coordinate(StateSnapshot state, string node) =>
        state.CoordinatesOfNode(node).Coordinates.FirstOrDefault(c => c.Segment.Length == 0);
}
