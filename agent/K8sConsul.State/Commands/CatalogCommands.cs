using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Records;

namespace K8sConsul.State.Commands;

/// <summary>Adds or updates a node, and with it a service and checks.</summary>
public sealed record RegisterCommand : StateCommand
{
    public required NodeRecord Node { get; init; }

    /// <summary>Leave a node that exists as it is, whatever <see cref="Node"/> says about it.</summary>
    public bool SkipNodeUpdate { get; init; }

    public ServiceRecord? Service { get; init; }

    public IReadOnlyList<CheckRecord> Checks { get; init; } = [];

    public override CommandType Type => CommandType.Register;

    internal static RegisterCommand Read(ref MsgPackReader reader)
    {
        var node = new NodeRecord { Node = string.Empty };
        bool skip = false;
        ServiceRecord? service = null;
        var checks = new List<CheckRecord>();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            switch (name)
            {
                case var _ when name.SequenceEqual("Address"u8):
                    node = node with { Address = reader.ReadText() };
                    break;
                case var _ when name.SequenceEqual("Check"u8):
                    if (CatalogCodec.ReadCheck(ref reader, string.Empty) is { } check)
                    {
                        checks.Add(check);
                    }

                    break;
                case var _ when name.SequenceEqual("Checks"u8):
                    for (int count = reader.ReadBoundedList(); count > 0; count--)
                    {
                        checks.Add(CatalogCodec.ReadCheck(ref reader, string.Empty)
                            ?? throw new MsgPackFormatException("a list of checks holds nil"));
                    }

                    break;
                case var _ when name.SequenceEqual("CreateIndex"u8):
                    node = node with { CreateIndex = reader.ReadUInt() };
                    break;
                case var _ when name.SequenceEqual("Datacenter"u8):
                    node = node with { Datacenter = reader.ReadText() };
                    break;
                case var _ when name.SequenceEqual("ID"u8):
                    node = node with { Id = reader.ReadText() };
                    break;
                case var _ when name.SequenceEqual("ModifyIndex"u8):
                    node = node with { ModifyIndex = reader.ReadUInt() };
                    break;
                case var _ when name.SequenceEqual("Node"u8):
                    node = node with { Node = reader.ReadText() };
                    break;
                case var _ when name.SequenceEqual("NodeMeta"u8):
                    node = node with { Meta = reader.ReadTextMap() };
                    break;
                case var _ when name.SequenceEqual("Service"u8):
                    service = CatalogCodec.ReadService(ref reader, string.Empty);
                    break;
                case var _ when name.SequenceEqual("SkipNodeUpdate"u8):
                    skip = reader.ReadBool();
                    break;
                case var _ when name.SequenceEqual("TaggedAddresses"u8):
                    node = node with { TaggedAddresses = reader.ReadTextMap() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new RegisterCommand
        {
            Node = node,
            SkipNodeUpdate = skip,
            Service = service is { Node.Length: 0 } ? service with { Node = node.Node } : service,
            Checks = checks.ConvertAll(check => check.Node.Length == 0 ? check with { Node = node.Node } : check),
        };
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(11);
        writer.Field("Address"u8, Node.Address);
        writer.WriteRaw("Checks"u8);
        writer.WriteListHeader(Checks.Count);
        foreach (CheckRecord check in Checks)
        {
            CatalogCodec.WriteCheck(writer, check);
        }

        writer.Field("CreateIndex"u8, Node.CreateIndex);
        writer.Field("Datacenter"u8, Node.Datacenter);
        writer.Field("ID"u8, Node.Id);
        writer.Field("ModifyIndex"u8, Node.ModifyIndex);
        writer.Field("Node"u8, Node.Node);
        writer.Field("NodeMeta"u8, Node.Meta);
        writer.WriteRaw("Service"u8);
        if (Service is null)
        {
            writer.WriteNil();
        }
        else
        {
            CatalogCodec.WriteService(writer, Service);
        }

        writer.Field("SkipNodeUpdate"u8, SkipNodeUpdate);
        writer.Field("TaggedAddresses"u8, Node.TaggedAddresses);
    }
}

/// <summary>Removes a service, a check, or with neither named the whole node. A service wins over a check.</summary>
public sealed record DeregisterCommand(string Node, string ServiceId, string CheckId) : StateCommand
{
    public override CommandType Type => CommandType.Deregister;

    internal static DeregisterCommand Read(ref MsgPackReader reader)
    {
        var command = new DeregisterCommand(string.Empty, string.Empty, string.Empty);
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            command = name switch
            {
                _ when name.SequenceEqual("CheckID"u8) => command with { CheckId = reader.ReadText() },
                _ when name.SequenceEqual("Node"u8) => command with { Node = reader.ReadText() },
                _ when name.SequenceEqual("ServiceID"u8) => command with { ServiceId = reader.ReadText() },
                _ => CatalogCodec.Skip(ref reader, command),
            };
        }

        return command;
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.Field("CheckID"u8, CheckId);
        writer.Field("Node"u8, Node);
        writer.Field("ServiceID"u8, ServiceId);
    }
}

/// <summary>Latest coordinates of nodes, gathered by the leader over a few seconds.</summary>
public sealed record CoordinateCommand(IReadOnlyList<CoordinateRecord> Updates) : StateCommand
{
    public override CommandType Type => CommandType.CoordinateBatch;

    internal static CoordinateCommand Read(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var updates = new List<CoordinateRecord>(count);
        for (int i = 0; i < count; i++)
        {
            updates.Add(CoordinateCodec.Read(ref reader));
        }

        return new CoordinateCommand(updates);
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteListHeader(Updates.Count);
        foreach (CoordinateRecord update in Updates)
        {
            CoordinateCodec.Write(writer, update);
        }
    }
}
