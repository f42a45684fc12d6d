using System.Buffers.Binary;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>
/// Finds the end of the one message on one direction of a stream while it arrives: nothing but the message itself says how
/// long it is. Remembers how far it has looked, so that a slow sender does not make it start over.
/// </summary>
/// <remarks>Not for concurrent use. Give it the same growing buffer each time.</remarks>
public sealed class StreamFramer
{
    private const int EncryptedHeaderBytes = 5;

    private Stage _stage = Stage.Label;
    private long _position;
    private long _valuesLeft;
    private long _tailLength;

    private enum Stage
    {
        Label,
        Type,
        Values,
        PushPullHeader,
        UserHeader,
        Tail,
    }

    /// <summary>True when the whole message is in <paramref name="received"/>; otherwise <see cref="BytesNeeded"/> says how much must be there at least.</summary>
    /// <exception cref="GossipFormatException">The message is longer than allowed, or no message at all.</exception>
    public bool IsComplete(ReadOnlySpan<byte> received)
    {
        try
        {
            return Look(received);
        }
        catch (MsgPackFormatException e)
        {
            throw new GossipFormatException($"stream header: {e.Message}");
        }
    }

    /// <summary>How many bytes of the message there must be before it is worth looking again.</summary>
    public long BytesNeeded { get; private set; } = 1;

    private bool Look(ReadOnlySpan<byte> received)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = received[(int)Math.Min(_position, received.Length)..];
            switch (_stage)
            {
                case Stage.Label:
                    if (!TrySkipLabel(rest))
                    {
                        return false;
                    }

                    break;
                case Stage.Type:
                    if (!TryReadType(rest))
                    {
                        return false;
                    }

                    break;
                case Stage.PushPullHeader or Stage.UserHeader:
                    if (!TryReadHeader(rest))
                    {
                        return false;
                    }

                    break;
                case Stage.Values:
                    if (_valuesLeft == 0)
                    {
                        _stage = Stage.Tail;
                    }
                    else if (TrySkipValue(rest))
                    {
                        _valuesLeft--;
                    }
                    else
                    {
                        return false;
                    }

                    break;
                default:
                    BytesNeeded = Limit(_position + _tailLength);
                    return received.Length >= BytesNeeded;
            }
        }
    }

    private bool TrySkipLabel(ReadOnlySpan<byte> rest)
    {
        if (!Has(rest, 1))
        {
            return false;
        }

        if (rest[0] == (byte)MessageType.Label)
        {
            if (!Has(rest, 2) || !Has(rest, 2 + rest[1]))
            {
                return false;
            }

            _position += Label.Measure(rest);
        }

        _stage = Stage.Type;
        return true;
    }

    private bool TryReadType(ReadOnlySpan<byte> rest)
    {
        if (!Has(rest, 1))
        {
            return false;
        }

        switch ((MessageType)rest[0])
        {
            case MessageType.Encrypt:
                if (!Has(rest, EncryptedHeaderBytes))
                {
                    return false;
                }

                _tailLength = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
                if (_tailLength > WireLimits.StreamFrameBytesMax)
                {
                    throw new GossipFormatException($"Remote node state is larger than limit ({_tailLength})");
                }

                (_position, _stage) = (_position + EncryptedHeaderBytes, Stage.Tail);
                return true;
            case MessageType.PushPull:
                (_position, _stage) = (_position + 1, Stage.PushPullHeader);
                return true;
            case MessageType.User:
                (_position, _stage) = (_position + 1, Stage.UserHeader);
                return true;
            case MessageType.Ping or MessageType.Ack or MessageType.Nack or MessageType.Error or MessageType.Compress:
                (_position, _stage, _valuesLeft) = (_position + 1, Stage.Values, 1);
                return true;
            default:
                throw new GossipFormatException($"Received invalid msgType ({rest[0]})");
        }
    }

    private bool TryReadHeader(ReadOnlySpan<byte> rest)
    {
        long headerAt = _position;
        if (!TrySkipValue(rest))
        {
            return false;
        }

        var reader = new MsgPackReader(rest[..(int)(_position - headerAt)]);
        if (_stage == Stage.PushPullHeader)
        {
            PushPullHeader header = PushPullState.ReadHeader(ref reader);
            (_valuesLeft, _tailLength) = (header.NodeCount, header.UserStateLength);
        }
        else
        {
            _tailLength = StreamUserMessage.ReadHeader(ref reader);
        }

        _stage = Stage.Values;
        return true;
    }

    private bool TrySkipValue(ReadOnlySpan<byte> rest)
    {
        switch (MsgPackMeasure.Measure(rest, out long length))
        {
            case MsgPackExtent.Complete:
                _position = Limit(_position + length);
                return true;
            case MsgPackExtent.Incomplete:
                BytesNeeded = Limit(_position + length);
                return false;
            default:
                throw new GossipFormatException("stream holds no MessagePack");
        }
    }

    private bool Has(ReadOnlySpan<byte> rest, int count)
    {
        BytesNeeded = _position + count;
        return rest.Length >= count;
    }

    private static long Limit(long length) => length <= WireLimits.StreamInflatedBytesMax
        ? length
        : throw new GossipFormatException($"Remote node state is larger than limit ({length})");
}
