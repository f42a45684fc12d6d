using System.Text;
using K8sConsul.MessagePack;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Model;
using K8sConsul.State.Tests.Radix;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Codec;

public sealed class SnapshotTests
{
    private static StateSnapshot RandomState(ulong seed, int commands = 400)
    {
        var random = new SeededRandom(seed);
        var source = new RandomCommands(random);
        var store = new StateStore();
        for (ulong index = 1; index <= (ulong)commands; index++)
        {
            store.Apply(index, source.Next(store.Current));
            store.Publish();
        }

        return store.Current;
    }

    private static byte[] Write(StateSnapshot state)
    {
        var bytes = new MemoryStream();
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(state))
        {
            bytes.Write(piece.Span);
        }

        return bytes.ToArray();
    }

    private static StateSnapshot Read(ReadOnlySpan<byte> bytes, SeededRandom? pieces = null, int pieceMax = 200)
    {
        var reader = new SnapshotReader();
        while (!bytes.IsEmpty)
        {
            int length = pieces is null ? bytes.Length : Math.Min(bytes.Length, pieces.Next(pieceMax));
            reader.Feed(bytes[..length]);
            bytes = bytes[length..];
        }

        return reader.Finish();
    }

    [Theory]
    [InlineData(91)]
    [InlineData(92)]
    [InlineData(93)]
    [InlineData(94)]
    public void A_restored_state_equals_the_one_saved_however_the_stream_is_cut(ulong seed)
    {
        StateSnapshot saved = RandomState(seed);
        byte[] bytes = Write(saved);
        Assert.Equal(bytes, Write(saved));
        foreach (int pieceMax in (int[])[3, 200, 100_000])
        {
            StateSnapshot restored = Read(bytes, new SeededRandom(seed), pieceMax);
            Assert.Equal(saved.AppliedIndex, restored.AppliedIndex);
            Assert.Equal(Dump(saved), Dump(restored));
            TableInvariants.Check(restored.Tables);
            Assert.Equal(bytes, Write(restored));
        }
    }

    [Fact]
    public void Values_and_records_of_any_size_survive()
    {
        var store = new TestStore();
        store.Put("big", new string('x', 524_288));
        store.Apply(new KvCommand(KvVerb.Set, new KvRecord { Key = "huge", Value = new byte[6 * 1024 * 1024] }));
        for (int i = 0; i < 300; i++)
        {
            store.Put($"k/{i}", new string('v', i));
        }

        byte[] bytes = Write(store.Now);
        StateSnapshot restored = Read(bytes, new SeededRandom(1), pieceMax: 70_000);
        Assert.Equal(302, restored.KvCount);
        Assert.Equal(6 * 1024 * 1024, restored.KvGet("huge").Entry!.Value.Length);
        Assert.True(bytes.AsSpan().SequenceEqual(Write(restored)));
    }

    [Fact]
    public void Every_field_of_every_record_survives()
    {
        var random = new SeededRandom(95);
        var records = new RandomRecords(random);
        var store = new TestStore();
        for (int i = 0; i < 40; i++)
        {
            string name = $"n{i}";
            NodeRecord node = records.Node() with { Node = name, Id = $"id{i}" };
            ServiceRecord service = records.Service() with { Node = name, Id = "s" };
            CheckRecord check = records.Check() with { Node = name, CheckId = "c", ServiceId = string.Empty, Status = CheckStatus.Passing };
            store.Apply(new RegisterCommand { Node = node, Service = service, Checks = [check] });
            store.Apply(new SessionCommand(Destroy: false, records.Session() with { Id = $"session{i}", Node = name, NodeChecks = ["c"], ServiceChecks = [] }));
            store.Apply(new CoordinateCommand([records.Coordinate() with { Node = name }]));
        }

        store.Apply(new AutopilotCommand(records.Autopilot(), IsConditional: false));
        byte[] bytes = Write(store.Now);
        StateSnapshot restored = Read(bytes);
        Assert.Equal(store.Now.Autopilot, restored.Autopilot);
        Assert.Equal(Dump(store.Now), Dump(restored));
        Assert.Equal(bytes, Write(restored));
    }

    [Fact]
    public void An_empty_state_is_a_header_alone()
    {
        byte[] bytes = Write(new StateStore().Current);
        Assert.Equal("81a94c617374496e64657800", Convert.ToHexStringLower(bytes));
        Assert.Equal(0UL, Read(bytes).AppliedIndex);
    }

    /// <summary>The layout that Consul's own reader expects: old-specification MessagePack with sorted names throughout.</summary>
    [Fact]
    public void The_stream_is_a_header_and_typed_records_in_the_old_specification()
    {
        var types = new SortedSet<byte>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            byte[] bytes = Write(RandomState(seed, commands: 200));
            List<int> ends = [.. RecordEnds(bytes)];
            CheckOldForm(bytes.AsSpan(0, ends[0]));
            for (int i = 1; i < ends.Count; i++)
            {
                types.Add(bytes[ends[i - 1]]);
                CheckOldForm(bytes.AsSpan(ends[i - 1] + 1, ends[i] - ends[i - 1] - 1));
            }
        }

        Assert.Equal("0 2 3 5 6 16", string.Join(' ', types));
    }

    [Fact]
    public void A_stream_cut_anywhere_is_refused()
    {
        byte[] bytes = Write(RandomState(98, commands: 60));
        HashSet<int> ends = [.. RecordEnds(bytes)];
        for (int length = 0; length < bytes.Length; length++)
        {
            if (ends.Contains(length))
            {
                // A record that is missing as a whole is for the checksum of the archive to find.
                Read(bytes.AsSpan(0, length));
            }
            else
            {
                Assert.Throws<MsgPackFormatException>(() => Read(bytes.AsSpan(0, length)));
            }
        }
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    public void Damage_is_refused_as_a_format_error_only(ulong seed)
    {
        var random = new SeededRandom(seed);
        byte[] sound = Write(RandomState(seed, commands: 60));
        int refused = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = [.. sound];
            for (int damage = 1 + random.Next(3); damage > 0; damage--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.NextULong();
            }

            try
            {
                Read(bytes, random);
            }
            catch (MsgPackFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 200, 1_999);
    }

    [Fact]
    public void A_record_above_every_limit_is_refused_before_it_is_read_whole()
    {
        var reader = new SnapshotReader();
        reader.Feed([0x80, 2, 0x81, 0xa5, .. "Value"u8, 0xdb, 0x7f, 0xff, 0xff, 0xff]);
        byte[] piece = new byte[8 * 1024 * 1024];
        int pieces = 0;
        Assert.Throws<MsgPackFormatException>(() =>
        {
            for (; pieces < 20; pieces++)
            {
                reader.Feed(piece);
            }
        });
        Assert.Equal(7, pieces);
    }

    private static IEnumerable<int> RecordEnds(byte[] bytes)
    {
        Assert.Equal(MsgPackExtent.Complete, MsgPackMeasure.Measure(bytes, out long end));
        yield return (int)end;
        while (end < bytes.Length)
        {
            Assert.Equal(MsgPackExtent.Complete, MsgPackMeasure.Measure(bytes.AsSpan((int)end + 1), out long length));
            end += 1 + length;
            yield return (int)end;
        }
    }

    private static void CheckOldForm(ReadOnlySpan<byte> record)
    {
        var reader = new MsgPackReader(record);
        CheckOldForm(record, ref reader);
        Assert.True(reader.AtEnd);
    }

    private static void CheckOldForm(ReadOnlySpan<byte> record, ref MsgPackReader reader)
    {
        byte code = record[reader.Position];
        Assert.False(code is (>= 0xc4 and <= 0xc9) or (>= 0xd4 and <= 0xd9) or 0xc1, $"byte 0x{code:x2} is none of the old specification");
        switch (reader.PeekKind())
        {
            case MsgPackKind.Map:
                string? last = null;
                for (int left = reader.ReadMapHeader(); left > 0; left--)
                {
                    string name = reader.ReadText();
                    Assert.True(last is null || string.CompareOrdinal(last, name) < 0, $"'{name}' follows '{last}'");
                    last = name;
                    CheckOldForm(record, ref reader);
                }

                break;
            case MsgPackKind.List:
                for (int left = reader.ReadListHeader(); left > 0; left--)
                {
                    CheckOldForm(record, ref reader);
                }

                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static string Dump(StateSnapshot state)
    {
        var text = new StringBuilder();
        Dump(text, state.Tables.Nodes);
        Dump(text, state.Tables.Services);
        Dump(text, state.Tables.Checks);
        Dump(text, state.Tables.Kv);
        Dump(text, state.Tables.Tombstones);
        Dump(text, state.Tables.Sessions);
        Dump(text, state.Tables.Coordinates);
        Dump(text, state.Tables.Indexes);
        return text.ToString();
    }

    private static void Dump<T>(StringBuilder text, State.Radix.RadixTree<T> table)
        where T : class
    {
        foreach ((byte[] key, T value) in RadixShape.Check(table))
        {
            text.Append(Convert.ToHexString(key)).Append(' ').AppendLine(ModelState.Text(value));
        }
    }
}
