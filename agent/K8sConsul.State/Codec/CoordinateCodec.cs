using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Coordinates with the field names of Consul's own snapshot records.</summary>
internal static class CoordinateCodec
{
    public static void Write(MsgPackWriter writer, CoordinateRecord coordinate)
    {
        writer.WriteMapHeader(3);
        writer.WriteRaw("Coord"u8);
        writer.WriteMapHeader(4);
        writer.Field("Adjustment"u8, coordinate.Adjustment);
        writer.Field("Error"u8, coordinate.Error);
        writer.Field("Height"u8, coordinate.Height);
        writer.WriteRaw("Vec"u8);
        writer.WriteListHeader(coordinate.Vec.Length);
        foreach (double component in coordinate.Vec)
        {
            writer.WriteDouble(component);
        }

        writer.Field("Node"u8, coordinate.Node);
        writer.Field("Segment"u8, coordinate.Segment);
    }

    public static CoordinateRecord Read(ref MsgPackReader reader)
    {
        var coordinate = new CoordinateRecord { Node = string.Empty, Vec = [] };
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            coordinate = name switch
            {
                _ when name.SequenceEqual("Coord"u8) => ReadVector(ref reader, coordinate),
                _ when name.SequenceEqual("Node"u8) => coordinate with { Node = reader.ReadText() },
                _ when name.SequenceEqual("Segment"u8) => coordinate with { Segment = reader.ReadText() },
                _ => CatalogCodec.Skip(ref reader, coordinate),
            };
        }

        return coordinate;
    }

    private static CoordinateRecord ReadVector(ref MsgPackReader reader, CoordinateRecord coordinate)
    {
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            coordinate = name switch
            {
                _ when name.SequenceEqual("Adjustment"u8) => coordinate with { Adjustment = reader.ReadDouble() },
                _ when name.SequenceEqual("Error"u8) => coordinate with { Error = reader.ReadDouble() },
                _ when name.SequenceEqual("Height"u8) => coordinate with { Height = reader.ReadDouble() },
                _ when name.SequenceEqual("Vec"u8) => coordinate with { Vec = ReadComponents(ref reader) },
                _ => CatalogCodec.Skip(ref reader, coordinate),
            };
        }

        return coordinate;
    }

    private static double[] ReadComponents(ref MsgPackReader reader)
    {
        double[] components = new double[reader.ReadBoundedList()];
        for (int i = 0; i < components.Length; i++)
        {
            components[i] = reader.ReadDouble();
        }

        return components;
    }
}
