using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Records;

namespace K8sConsul.State.Commands;

/// <summary>Creates a session, or ends one; then only its ID matters.</summary>
public sealed record SessionCommand(bool Destroy, SessionRecord Session) : StateCommand
{
    public override CommandType Type => CommandType.Session;

    internal static SessionCommand Read(ref MsgPackReader reader)
    {
        bool destroy = false;
        SessionRecord? session = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            if (name.SequenceEqual("Op"u8))
            {
                destroy = reader.ReadTextBytes().SequenceEqual("destroy"u8);
            }
            else if (name.SequenceEqual("Session"u8))
            {
                session = SessionCodec.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new SessionCommand(destroy, session ?? throw new MsgPackFormatException("a session command lacks its session"));
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.Field("Op"u8, Destroy ? "destroy" : "create");
        writer.WriteRaw("Session"u8);
        SessionCodec.Write(writer, Session);
    }
}
