using System.Buffers;
using Google.Protobuf;

namespace K8sConsul.Grpc;

/// <summary>Answers of <c>grpc.health.v1.Health/Check</c>; the numbers are the protocol's, others may come.</summary>
public enum GrpcServingStatus
{
    Unknown = 0,
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}

/// <summary>The standard health service: <c>Check</c> as a client calls it and as a server offers it.</summary>
/// <remarks>Both messages have one field, so that they are written here and not generated.</remarks>
public static class GrpcHealth
{
    private const uint ServiceTag = (1 << 3) | 2;
    private const uint StatusTag = 1 << 3;

    /// <summary>Request: the service's name, empty for the whole server.</summary>
    public static readonly GrpcMethod<string, GrpcServingStatus> Check = new(
        "grpc.health.v1.Health",
        "Check",
        new GrpcMarshaller<string>(
            static name => name.Length == 0 ? 0 : 1 + CodedOutputStream.ComputeStringSize(name),
            static (name, output) => output.Write(Encode(name)),
            static input => Field(input, static reader => reader.ReadString(), ServiceTag) ?? ""),
        new GrpcMarshaller<GrpcServingStatus>(
            static status => status == GrpcServingStatus.Unknown ? 0 : 1 + CodedOutputStream.ComputeEnumSize((int)status),
            static (status, output) => output.Write(Encode(status)),
            static input => (GrpcServingStatus)Field(input, static reader => reader.ReadEnum(), StatusTag)));

    /// <summary>Offers the service.</summary>
    /// <param name="status">Null means that there is no such service: <see cref="GrpcStatusCode.NotFound"/>.</param>
    public static GrpcMethodTable AddHealth(this GrpcMethodTable methods, Func<string, GrpcServingStatus?> status) =>
        methods.Unary(Check, (service, _) => status(service) is { } answer
            ? ValueTask.FromResult(answer)
            : throw new GrpcException(GrpcStatusCode.NotFound, "unknown service"));

    private static byte[] Encode(string name)
    {
        if (name.Length == 0)
        {
            return [];
        }

        byte[] bytes = new byte[1 + CodedOutputStream.ComputeStringSize(name)];
        using CodedOutputStream output = new(bytes);
        output.WriteRawTag((byte)ServiceTag);
        output.WriteString(name);
        output.Flush();
        return bytes;
    }

    private static byte[] Encode(GrpcServingStatus status)
    {
        if (status == GrpcServingStatus.Unknown)
        {
            return [];
        }

        byte[] bytes = new byte[1 + CodedOutputStream.ComputeEnumSize((int)status)];
        using CodedOutputStream output = new(bytes);
        output.WriteRawTag((byte)StatusTag);
        output.WriteEnum((int)status);
        output.Flush();
        return bytes;
    }

    /// <summary>The last value of a field, as protobuf asks; unknown fields are skipped.</summary>
    private static T? Field<T>(ReadOnlySequence<byte> input, Func<CodedInputStream, T> read, uint wanted)
    {
        using CodedInputStream reader = new(input.ToArray());
        T? value = default;
        for (uint tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (tag == wanted)
            {
                value = read(reader);
            }
            else
            {
                reader.SkipLastField();
            }
        }

        return value;
    }
}
