using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace K8sConsul.Raft;

/// <summary>
/// The counterpart of <see cref="WireWriter"/>. The first thing that is wrong is remembered in <see cref="Problem"/>, and from there on
/// every read yields a default, so a decoder reads straight through and asks once, at the end.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> input)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _input = input;
    private int _position;

    /// <summary>Null while everything read so far was well formed.</summary>
    public string? Problem { get; private set; }

    [MemberNotNullWhen(true, nameof(Problem))]
    public readonly bool HasFailed => Problem is not null;

    public readonly int Remaining => _input.Length - _position;

    public void Fail(string problem) => Problem ??= $"{problem} at byte {_position}";

    public byte Byte()
    {
        if (HasFailed || Remaining < 1)
        {
            Fail("input ends too early");
            return 0;
        }

        return _input.Span[_position++];
    }

    public bool Bool()
    {
        byte value = Byte();
        if (value > 1)
        {
            Fail("a truth value is neither 0 nor 1");
        }

        return value == 1;
    }

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            // The tenth byte holds the one bit that is left of 64.
            if (HasFailed || (shift == 63 && next > 1))
            {
                Fail("a number exceeds 64 bits");
                return 0;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // Each value has one spelling: a final zero byte would be a second one.
                if (next == 0 && shift > 0)
                {
                    Fail("a number is not in its shortest form");
                }

                return HasFailed ? 0 : value;
            }
        }

        Fail("a number exceeds 64 bits");
        return 0;
    }

    /// <summary>A count or length: at most <paramref name="max"/>, compared before anything is allocated for it.</summary>
    public int Count(int max, string what)
    {
        ulong value = Number();
        if (value > (ulong)max)
        {
            Fail($"{what} of {value} exceeds {max}");
            return 0;
        }

        return (int)value;
    }

    public long Size(string what)
    {
        ulong value = Number();
        if (value > long.MaxValue)
        {
            Fail($"{what} of {value} is too large");
            return 0;
        }

        return (long)value;
    }

    public uint Fixed32()
    {
        if (HasFailed || Remaining < sizeof(uint))
        {
            Fail("input ends too early");
            return 0;
        }

        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_input.Span[_position..]);
        _position += sizeof(uint);
        return value;
    }

    /// <summary>A slice of the input, not a copy.</summary>
    public ReadOnlyMemory<byte> Bytes(int max, string what)
    {
        int length = Count(max, what);
        if (HasFailed || length > Remaining)
        {
            Fail("input ends too early");
            return default;
        }

        ReadOnlyMemory<byte> slice = _input.Slice(_position, length);
        _position += length;
        return slice;
    }

    public string Text(int max, string what)
    {
        ReadOnlyMemory<byte> bytes = Bytes(max, what);
        if (HasFailed)
        {
            return "";
        }

        try
        {
            return s_strictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            Fail($"{what} is not UTF-8");
            return "";
        }
    }

    public ServerId Server() => new(Text(RaftLimits.ServerIdBytesMax, "server id"));

    public Term Term() => new(Number());

    public LogIndex Index() => new(Number());

    public EntryId Id() => new(Term(), Index());

    public RaftConfiguration Configuration()
    {
        int count = Count(RaftLimits.ServersMax, "server count");
        List<RaftServer> servers = [];
        for (int i = 0; i < count && !HasFailed; i++)
        {
            ServerId id = Server();
            string address = Text(RaftLimits.AddressBytesMax, "address");
            byte suffrage = Byte();
            if (suffrage > (byte)Suffrage.Nonvoter)
            {
                Fail($"suffrage {suffrage} is unknown");
            }

            if (servers.Count > 0 && id <= servers[^1].Id)
            {
                Fail("servers are not in the order of their ids");
            }

            servers.Add(new RaftServer(id, address, (Suffrage)suffrage));
        }

        if (HasFailed)
        {
            return RaftConfiguration.Empty;
        }

        if (RaftConfiguration.Validate(servers) is { } problem)
        {
            Fail(problem);
            return RaftConfiguration.Empty;
        }

        return new RaftConfiguration(servers);
    }

    public SnapshotMeta Snapshot() =>
        new(Id(), Configuration(), Index(), Size("snapshot size"), Fixed32());

    public readonly string? ProblemAtEnd() =>
        Problem ?? (Remaining > 0 ? $"{Remaining} bytes behind the end" : null);
}
