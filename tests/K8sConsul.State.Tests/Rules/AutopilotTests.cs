using K8sConsul.Go;
using K8sConsul.MessagePack;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Snapshots;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Autopilot's configuration in the state: written whole, or whole on condition.</summary>
public sealed class AutopilotTests
{
    // From a snapshot of HashiCorp's Consul 1.8.7 with a fresh cluster's configuration.
    private const string Recorded =
        "098ab2436c65616e75704465616453657276657273c3ab437265617465496e64657804b744697361626c65557067726164654d6967726174696f6ec2"
        + "b44c617374436f6e746163745468726573686f6c64ce0bebc200af4d6178547261696c696e674c6f6773ccfaa94d696e51756f72756d00"
        + "ab4d6f64696679496e64657804b1526564756e64616e63795a6f6e65546167a0b753657276657253746162696c697a6174696f6e54696d65cf00000002540be400"
        + "b15570677261646556657273696f6e546167a0";

    private readonly StateStore _store = new();
    private ulong _index = 9;

    private AutopilotRecord? Stored => _store.Current.Autopilot;

    [Fact]
    public void Before_the_first_write_there_is_none()
    {
        Assert.Null(Stored);
    }

    [Fact]
    public void A_write_replaces_the_whole_and_keeps_the_index_of_the_first()
    {
        Assert.True(Set(new AutopilotRecord { MinQuorum = 3, CreateIndex = 77, ModifyIndex = 78 }));
        Assert.Equal(new AutopilotRecord { MinQuorum = 3, CreateIndex = 10, ModifyIndex = 10 }, Stored);
        Assert.True(Set(new AutopilotRecord { MaxTrailingLogs = 1 }));
        Assert.Equal(new AutopilotRecord { MaxTrailingLogs = 1, CreateIndex = 10, ModifyIndex = 11 }, Stored);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    [InlineData(0, false)]
    public void A_conditional_write_wins_only_at_the_stored_index(ulong expected, bool wins)
    {
        Set(new AutopilotRecord());
        Assert.Equal(wins, Set(new AutopilotRecord { MinQuorum = 5, ModifyIndex = expected }, conditional: true));
        Assert.Equal(wins ? 5UL : 0UL, Stored!.MinQuorum);
        Assert.Equal(wins ? 11UL : 10UL, Stored.ModifyIndex);
    }

    [Fact]
    public void A_conditional_write_before_the_first_loses()
    {
        Assert.False(Set(new AutopilotRecord(), conditional: true));
        Assert.Null(Stored);
    }

    [Fact]
    public void The_snapshot_record_is_that_of_the_real_program()
    {
        byte[] stream = [0x81, 0xa9, .. "LastIndex"u8, 0x00, .. Convert.FromHexString(Recorded)];
        var reader = new SnapshotReader();
        reader.Feed(stream);
        StateSnapshot state = reader.Finish();
        Assert.Equal(new AutopilotRecord { CreateIndex = 4, ModifyIndex = 4 }, state.Autopilot);
        Assert.Equal(Convert.ToHexStringLower(stream), Convert.ToHexStringLower([.. SnapshotWriter.Write(state).SelectMany(piece => piece.ToArray())]));
    }

    [Fact]
    public void An_entry_that_names_no_field_means_zeros()
    {
        var command = (AutopilotCommand)StateCommand.Decode([9, 0x81, 0xa6, .. "Config"u8, 0x80]);
        Assert.False(command.IsConditional);
        Assert.Equal(
            new AutopilotRecord { CleanupDeadServers = false, LastContactThreshold = GoDuration.Zero, MaxTrailingLogs = 0, ServerStabilizationTime = GoDuration.Zero },
            command.Config);
    }

    [Fact]
    public void An_entry_with_a_field_of_another_kind_is_refused() =>
        Assert.Throws<MsgPackFormatException>(() => StateCommand.Decode([9, 0x81, 0xa6, .. "Config"u8, 0x81, 0xa9, .. "MinQuorum"u8, 0xa1, (byte)'x']));

    private bool Set(AutopilotRecord config, bool conditional = false)
    {
        CommandResult result = _store.Apply(++_index, StateCommand.Decode(new AutopilotCommand(config, conditional).Encode()));
        _store.Publish();
        return result.Succeeded;
    }
}
