namespace K8sConsul.Contracts.Model;

/// <summary>A place in Vivaldi's space. Distances are seconds.</summary>
public sealed class Coordinate
{
    public double[] Vec { get; set; } = [];

    public double Error { get; set; }

    public double Adjustment { get; set; }

    public double Height { get; set; }
}

public sealed class CoordinateEntry
{
    public string Node { get; set; } = string.Empty;

    public string Segment { get; set; } = string.Empty;

    public Coordinate? Coord { get; set; }
}

/// <summary>The servers of one datacenter: <c>GET /v1/coordinate/datacenters</c>.</summary>
public sealed class CoordinateDatacenter
{
    public string Datacenter { get; set; } = string.Empty;

    public string AreaID { get; set; } = string.Empty;

    public List<CoordinateEntry> Coordinates { get; set; } = [];
}
