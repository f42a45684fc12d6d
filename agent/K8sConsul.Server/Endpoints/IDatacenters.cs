using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The servers of a datacenter with their places in the WAN pool.</summary>
public sealed record DatacenterMap(string Datacenter, IReadOnlyList<CoordinateRecord> Coordinates);

/// <summary>What is known about all datacenters.</summary>
public interface IDatacenters
{
    /// <summary>The own one, then the others from near to far.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>In the order of their names; empty without a WAN pool.</summary>
    IReadOnlyList<DatacenterMap> Maps { get; }
}
