using System.Text.Json.Nodes;

namespace K8sConsul.Gossip.Tests;

/// <summary>The reference implementation's own sequence of updates, compared to the last bit.</summary>
public sealed class CoordinateTests
{
    [Fact]
    public void Coordinate_follows_the_reference_bit_for_bit()
    {
        List<JsonObject> vectors = [.. TestFiles.Vectors("vectors/coordinates.jsonl")];
        Coordinate other = Read(vectors[0]["other"]!);
        var client = new CoordinateClient(new SeededRandom(1));
        client.Restore(Read(vectors[0]["self"]!));
        int updates = 0;
        foreach (JsonObject vector in vectors.Where(v => v.Name().StartsWith("update_")))
        {
            var rtt = TimeSpan.FromTicks(vector["rtt_ns"]!.GetValue<long>() / 100);

            Assert.True(client.TryUpdate("peer", other, rtt, out _));

            Assert.Equal(Read(vector["self_after"]!), client.Current);
            Assert.Equal(vector["distance_to_other_ns"]!.GetValue<long>(), CoordinateMath.DistanceNanoseconds(client.Current, other));
            updates++;
        }

        Assert.Equal(8, updates);
    }

    [Fact]
    public void Twenty_five_more_updates_from_another_peer_agree_as_well()
    {
        List<JsonObject> vectors = [.. TestFiles.Vectors("vectors/coordinates.jsonl")];
        Coordinate other = Read(vectors[0]["other"]!);
        var client = new CoordinateClient(new SeededRandom(1));
        client.Restore(Read(vectors[0]["self"]!));
        foreach (JsonObject vector in vectors.Where(v => v.Name().StartsWith("update_")))
        {
            client.TryUpdate("peer", other, TimeSpan.FromTicks(vector["rtt_ns"]!.GetValue<long>() / 100), out _);
        }

        for (int i = 0; i < 25; i++)
        {
            client.TryUpdate("peer2", other, TimeSpan.FromMilliseconds(20), out _);
        }

        JsonObject after = vectors.Single(v => v.Name().StartsWith("after_25"));
        Assert.Equal(Read(after["self_after"]!), client.Current);
        Assert.Equal(after["distance_to_other_ns"]!.GetValue<long>(), CoordinateMath.DistanceNanoseconds(client.Current, other));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000_001)]
    public void Round_trip_time_out_of_range_is_refused(int microseconds)
    {
        var client = new CoordinateClient(new SeededRandom(1));

        Assert.False(client.TryUpdate("peer", Coordinate.Initial, TimeSpan.FromMicroseconds(microseconds), out string problem));

        Assert.Contains("round trip time not in valid range", problem);
        Assert.Equal(Coordinate.Initial, client.Current);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Coordinate_that_is_no_number_is_refused(double height)
    {
        var client = new CoordinateClient(new SeededRandom(1));

        Assert.False(client.TryUpdate("peer", Coordinate.Initial with { Height = height }, TimeSpan.FromMilliseconds(1), out _));
        Assert.False(client.TryUpdate("peer", Coordinate.Initial with { Vec = [0, 0] }, TimeSpan.FromMilliseconds(1), out _));
        Assert.Equal(Coordinate.Initial, client.Current);
    }

    /// <summary>Two members at the very same place are driven apart in some direction.</summary>
    [Fact]
    public void Equal_places_part()
    {
        var client = new CoordinateClient(new SeededRandom(3));

        Assert.True(client.TryUpdate("peer", Coordinate.Initial, TimeSpan.FromMilliseconds(50), out _));

        Assert.Contains(client.Current.Vec, component => component != 0);
        Assert.True(client.Current.DistanceSeconds(Coordinate.Initial) > 0);
    }

    private static Coordinate Read(JsonNode node) => new(
        [.. node["Vec"]!.AsArray().Select(v => v!.GetValue<double>())],
        node["Error"]!.GetValue<double>(),
        node["Adjustment"]!.GetValue<double>(),
        node["Height"]!.GetValue<double>());
}
