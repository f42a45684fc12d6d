using System.Buffers;
using System.Collections.Immutable;
using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>The payload of an ack: a version byte and the sender's coordinate.</summary>
internal static class CoordinateCodec
{
    private const byte PayloadVersion = 1;

    /// <summary>More dimensions than any peer would use; others than ours are refused when applied.</summary>
    private const int DimensionCountMax = 64;

    private static readonly byte[][] Fields = WireFields.Names("Vec", "Error", "Adjustment", "Height");

    public static byte[] Encode(Coordinate coordinate)
    {
        var output = new ArrayBufferWriter<byte>(160);
        output.Write([PayloadVersion]);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(4);
        writer.WriteText("Adjustment");
        writer.WriteDouble(coordinate.Adjustment);
        writer.WriteText("Error");
        writer.WriteDouble(coordinate.Error);
        writer.WriteText("Height");
        writer.WriteDouble(coordinate.Height);
        writer.WriteText("Vec");
        writer.WriteListHeader(coordinate.Vec.Length);
        foreach (double component in coordinate.Vec)
        {
            writer.WriteDouble(component);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what an ack carried.</summary>
    /// <param name="payload">Not empty.</param>
    public static Coordinate Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != PayloadVersion)
        {
            throw new GossipFormatException($"Unsupported ping version: {(payload.IsEmpty ? 0 : payload[0])}");
        }

        var reader = new MsgPackReader(payload[1..]);
        StructReader fields = StructReader.Begin(ref reader);
        (ImmutableArray<double> vec, double error, double adjustment, double height) = ([], 0d, 0d, 0d);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: vec = ReadVec(ref reader); break;
                case 1: error = reader.ReadDouble(); break;
                case 2: adjustment = reader.ReadDouble(); break;
                default: height = reader.ReadDouble(); break;
            }
        }

        return new Coordinate(vec, error, adjustment, height);
    }

    private static ImmutableArray<double> ReadVec(ref MsgPackReader reader)
    {
        int count = reader.ReadListHeader();
        if (count > DimensionCountMax)
        {
            throw new GossipFormatException($"{count} dimensions");
        }

        ImmutableArray<double>.Builder vec = ImmutableArray.CreateBuilder<double>(count);
        for (; count > 0; count--)
        {
            vec.Add(reader.ReadDouble());
        }

        return vec.DrainToImmutable();
    }
}
