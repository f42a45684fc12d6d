using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Records;

namespace K8sConsul.State.Commands;

/// <summary>One operation of a transaction.</summary>
public abstract record TxnOperation(string Verb);

/// <summary>The expected index of compare-and-set verbs is <see cref="KvRecord.ModifyIndex"/>.</summary>
public sealed record TxnKvOperation(string Verb, KvRecord Entry) : TxnOperation(Verb);

public sealed record TxnNodeOperation(string Verb, NodeRecord Node) : TxnOperation(Verb);

public sealed record TxnServiceOperation(string Verb, ServiceRecord Service) : TxnOperation(Verb);

public sealed record TxnCheckOperation(string Verb, CheckRecord Check) : TxnOperation(Verb);

/// <summary>Operations that are applied together or not at all.</summary>
public sealed record TxnCommand(IReadOnlyList<TxnOperation> Operations) : StateCommand
{
    public override CommandType Type => CommandType.Txn;

    internal static TxnCommand Read(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var operations = new List<TxnOperation>(count);
        for (int i = 0; i < count; i++)
        {
            if (reader.ReadListHeader() != 3)
            {
                throw new MsgPackFormatException("a transaction's operation is a list of three");
            }

            string kind = reader.ReadText();
            string verb = reader.ReadText();
            operations.Add(kind switch
            {
                "kv" => new TxnKvOperation(verb, KvCodec.Read(ref reader)),
                "node" => new TxnNodeOperation(verb, RegisterCommand.Read(ref reader).Node),
                "service" => new TxnServiceOperation(verb, CatalogCodec.ReadService(ref reader, string.Empty) ?? throw Missing()),
                "check" => new TxnCheckOperation(verb, CatalogCodec.ReadCheck(ref reader, string.Empty) ?? throw Missing()),
                _ => throw new MsgPackFormatException($"operation kind '{kind}' is unknown to this version"),
            });
        }

        return new TxnCommand(operations);
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteListHeader(Operations.Count);
        foreach (TxnOperation operation in Operations)
        {
            writer.WriteListHeader(3);
            switch (operation)
            {
                case TxnKvOperation kv:
                    writer.WriteText("kv");
                    writer.WriteText(kv.Verb);
                    KvCodec.Write(writer, kv.Entry);
                    break;
                case TxnNodeOperation node:
                    writer.WriteText("node");
                    writer.WriteText(node.Verb);
                    new RegisterCommand { Node = node.Node }.WriteBody(writer);
                    break;
                case TxnServiceOperation service:
                    writer.WriteText("service");
                    writer.WriteText(service.Verb);
                    CatalogCodec.WriteService(writer, service.Service);
                    break;
                case TxnCheckOperation check:
                    writer.WriteText("check");
                    writer.WriteText(check.Verb);
                    CatalogCodec.WriteCheck(writer, check.Check);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private static MsgPackFormatException Missing() => new("a transaction's operation lacks its object");
}
