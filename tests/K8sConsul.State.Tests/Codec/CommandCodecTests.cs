using K8sConsul.MessagePack;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Codec;

public sealed class CommandCodecTests
{
    private static StateCommand Command(SeededRandom random, int kind)
    {
        var records = new RandomRecords(random);
        return kind switch
        {
            0 => new RegisterCommand
            {
                Node = records.Node(),
                SkipNodeUpdate = random.Chance(50),
                Service = random.Chance(50) ? null : records.Service(),
                Checks = records.List(records.Check),
            },
            1 => new DeregisterCommand(records.Text(), records.Text(), records.Text()),
            2 => new KvCommand(random.Pick(KvVerb.Set, KvVerb.Cas, KvVerb.Lock, "bogus"), records.Kv()),
            3 => new SessionCommand(random.Chance(50), records.Session()),
            4 => new TombstoneCommand(records.Number()),
            5 => new CoordinateCommand(records.List(records.Coordinate)),
            6 => new RestoreCommand(records.Text(), random.Pick(RestoreStep.Begin, RestoreStep.Piece, RestoreStep.Commit), random.Bytes(random.Next(300))),
            7 => new AutopilotCommand(records.Autopilot(), random.Chance(50)),
            _ => new TxnCommand(records.List<TxnOperation>(() => random.Next(4) switch
            {
                0 => new TxnKvOperation(random.Pick(KvVerb.Get, KvVerb.DeleteTree), records.Kv()),
                1 => new TxnNodeOperation(random.Pick(CatalogVerb.Get, CatalogVerb.Cas), records.Node()),
                2 => new TxnServiceOperation(CatalogVerb.Set, records.Service()),
                _ => new TxnCheckOperation(CatalogVerb.DeleteCas, records.Check()),
            })),
        };
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_command_survives_its_log_entry(int kind)
    {
        var random = new SeededRandom((ulong)(31 + kind));
        for (int i = 0; i < 60; i++)
        {
            StateCommand command = Command(random, kind);
            byte[] entry = command.Encode();
            StateCommand decoded = StateCommand.Decode(entry);
            Assert.IsType(command.GetType(), decoded);
            Assert.Equivalent(command, decoded, strict: true);
            Assert.Equal(entry, decoded.Encode());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void An_entry_cut_anywhere_or_with_a_byte_too_many_is_refused(int kind)
    {
        var random = new SeededRandom((ulong)(41 + kind));
        for (int i = 0; i < 6; i++)
        {
            byte[] entry = Command(random, kind).Encode();
            int step = 1 + (entry.Length / 500);
            for (int length = 0; length < entry.Length; length += step)
            {
                Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode(entry.AsSpan(0, length)));
            }

            Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode([.. entry, 0xc0]));
        }
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(524_288)]
    public void Values_of_any_allowed_size_survive(int size)
    {
        byte[] value = new SeededRandom(1).Bytes(size);
        var command = (KvCommand)StateCommand.Decode(new KvCommand(KvVerb.Set, new KvRecord { Key = "k", Value = value }).Encode());
        Assert.True(value.AsSpan().SequenceEqual(command.Entry.Value));
    }

    /// <summary>Damage decodes to some command or is refused as a format error; nothing else escapes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Damaged_entries_are_refused_as_format_errors_only(int kind)
    {
        var random = new SeededRandom((ulong)(51 + kind));
        int refused = 0;
        List<byte[]> sound = [.. Enumerable.Range(0, 200).Select(_ => Command(random, kind).Encode()).Where(entry => entry.Length <= 4_000)];
        for (int i = 0; i < 3_000; i++)
        {
            byte[] entry = [.. random.PickFrom(sound)];
            for (int damage = 1 + random.Next(3); damage > 0; damage--)
            {
                int at = 1 + random.Next(entry.Length - 1);
                entry[at] = random.Chance(50)
                    ? (byte)random.NextULong()
                    : random.Pick<byte>(0xc0, 0xc1, 0xc7, 0xc9, 0xcb, 0xcf, 0xd3, 0xd8, 0xdb, 0xdd, 0xdf, 0xff);
            }

            refused += Decodes(entry) ? 0 : 1;
        }

        Assert.True(refused > 100, $"only {refused} of 3000 damaged entries were refused");
    }

    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    public void Random_bytes_are_refused_as_format_errors_only(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] entry = random.Bytes(1 + random.Next(40));
            entry[0] = random.Pick<byte>(0, 1, 2, 3, 5, 6, 8, 9, 16, 200);
            if (entry.Length > 1 && random.Chance(70))
            {
                entry[1] = (byte)(0x80 | random.Next(4));
            }

            Decodes(entry);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(130)]
    public void An_unknown_type_is_refused(byte type) =>
        Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode([type, 0x80]));

    [Fact]
    public void Unknown_fields_are_stepped_over()
    {
        byte[] entry = [1, 0x82, 0xa4, .. "Node"u8, 0xa1, (byte)'n', 0xa6, .. "Future"u8, 0x92, 0x81, 0xa1, (byte)'x', 0xc7, 0x01, 0x00, 0x00, 0xc3];
        Assert.Equal(new DeregisterCommand("n", string.Empty, string.Empty), StateCommand.Decode(entry));
    }

    [Fact]
    public void A_number_that_does_not_fit_its_field_is_refused()
    {
        byte[] entry = [0, 0x81, 0xa7, .. "Service"u8, 0x81, 0xa4, .. "Port"u8, 0xcf, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode(entry));
    }

    [Fact]
    public void A_list_longer_than_any_record_is_refused_before_it_is_allocated()
    {
        byte[] entry = [6, 0xdd, 0x00, 0x01, 0x00, 0x01, .. new byte[70_000]];
        Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode(entry));
    }

    [Fact]
    public void Settings_that_are_not_JSON_are_refused()
    {
        Assert.Throws<MsgPackFormatException>(() => WithSettings("{broken").Encode());

        byte[] entry = WithSettings("""{"a":1.5}""").Encode();
        ReadOnlySpan<byte> oneAndHalf = [0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0];
        ReadOnlySpan<byte> notANumber = [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0];
        notANumber.CopyTo(entry.AsSpan(entry.AsSpan().IndexOf(oneAndHalf)));
        Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode(entry));
    }

    private static RegisterCommand WithSettings(string json) => new()
    {
        Node = TestStore.NodeOf("n"),
        Service = new ServiceRecord { Node = "n", Id = "p", Service = "p", Kind = "connect-proxy", Proxy = new ProxyRecord { ConfigJson = json } },
    };

    private static bool Decodes(byte[] entry)
    {
        try
        {
            StateCommand.Decode(entry);
            return true;
        }
        catch (MsgPackFormatException)
        {
            return false;
        }
    }
}
