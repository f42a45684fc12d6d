using K8sConsul.State.Commands;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Model;

/// <summary>
/// Random histories against the model. After each command every read agrees with the model, and keeps the contract of
/// blocking queries: a result that changed has a higher index and woke its watchers; a command that changed nothing
/// moved no index and woke nobody.
/// </summary>
public sealed class StateModelTests
{
    private const int Commands = 700;

    private sealed class Watched
    {
        public required Read Read { get; init; }

        public ulong Index { get; set; }

        public string Result { get; set; } = string.Empty;

        public WatchSet Watches { get; set; } = new();

        public void Renew(StateSnapshot state)
        {
            Watches.Dispose();
            Watches = new WatchSet();
            (Index, Result) = Read.Store(state, Watches);
        }
    }

    [Theory]
    [InlineData(81)]
    [InlineData(82)]
    [InlineData(83)]
    [InlineData(84)]
    public void Store_equals_the_model_and_keeps_the_contract_of_blocking_queries(ulong seed)
    {
        var random = new SeededRandom(seed);
        var commands = new RandomCommands(random);
        var store = new StateStore();
        var model = new ModelState();
        List<Watched> reads = [.. Reads.All.Select(read => new Watched { Read = read })];
        reads.ForEach(read => read.Renew(store.Current));
        string dump = model.Dump();
        int changes = 0;
        int withSessions = 0;
        int withLocks = 0;
        for (ulong index = 10; index < 10 + Commands; index++)
        {
            StateCommand command = commands.Next(store.Current);
            string where = $"seed {seed}, entry {index}, {command.Type} {command}";
            CommandResult result = store.Apply(index, StateCommand.Decode(command.Encode()));
            store.Publish();
            (model, ModelOutcome outcome) = model.Apply(index, command);
            CheckOutcome(where, outcome, result);
            TableInvariants.Check(store.Current.Tables);

            string after = model.Dump();

            // A transaction may undo what it did: its watchers wake for nothing, which is legal.
            bool changed = after != dump || command is TxnCommand { Operations.Count: > 1 };
            dump = after;
            changes += changed ? 1 : 0;
            withSessions += model.Sessions.Count > 0 ? 1 : 0;
            withLocks += model.Kv.Values.Any(entry => entry.Session.Length > 0) ? 1 : 0;
            foreach (Watched read in reads)
            {
                CheckRead(where, read, store.Current, model, changed, reaped: command is TombstoneCommand);
            }
        }

        Assert.True(changes > Commands / 3 && withSessions > Commands / 3 && withLocks > Commands / 20, $"{changes} changes, {withSessions} with sessions, {withLocks} with locks");
    }

    /// <summary>As when the log is committed in runs of entries, among them some that are refused when they had changed something.</summary>
    [Theory]
    [InlineData(91)]
    [InlineData(92)]
    [InlineData(93)]
    public void Commands_that_are_published_together_give_what_they_give_one_by_one(ulong seed)
    {
        var random = new SeededRandom(seed);
        var commands = new RandomCommands(random);
        var single = new StateStore();
        var batched = new StateStore();
        List<Watched> reads = [.. Reads.All.Select(read => new Watched { Read = read })];
        reads.ForEach(read => read.Renew(batched.Current));
        int refused = 0;
        for (ulong index = 10; index < 10 + (2 * Commands);)
        {
            int run = 1 + random.Next(12);
            for (int i = 0; i < run; i++, index++)
            {
                StateCommand command = commands.Next(single.Current);
                CommandResult expected = single.Apply(index, command);
                single.Publish();
                CommandResult result = batched.Apply(index, command);
                Assert.Equal((expected.Succeeded, expected.Refused), (result.Succeeded, result.Refused));
                Assert.Equal(expected.Errors, result.Errors);
                Assert.Equal(expected.LockDelays, result.LockDelays);
                refused += result.Refused is null && result.Errors.Count == 0 ? 0 : 1;
            }

            batched.Publish();
            Assert.Equal(Dump(single), Dump(batched));
            TableInvariants.Check(batched.Current.Tables);
            foreach (Watched read in reads)
            {
                (ulong now, string result) = read.Read.Store(batched.Current, null);
                Assert.Equal(read.Read.Store(single.Current, null), (now, result));
                Assert.True(result == read.Result || read.Watches.Signalled.IsCompleted, $"seed {seed}, entry {index}: {read.Read.Name} sleeps");
                read.Renew(batched.Current);
            }
        }

        Assert.True(refused > Commands / 10, $"{refused} were refused");
    }

    private static string Dump(StateStore store) =>
        string.Concat(SnapshotWriter.Write(store.Current).Select(piece => Convert.ToHexString(piece.Span)));

    private static void CheckOutcome(string where, ModelOutcome expected, CommandResult result)
    {
        Assert.True(expected.Refused == result.Refused is not null, $"{where}: refused '{result.Refused}'");
        Assert.True(expected.FailedOperations.SequenceEqual(result.Errors.Select(error => error.OpIndex)), $"{where}: {string.Join(' ', result.Errors)}");
        Assert.True(expected.Failed || expected.Succeeded == result.Succeeded, $"{where}: succeeded {result.Succeeded}");
        Assert.Equal(expected.Failed ? [] : expected.DelayedKeys, result.LockDelays.Select(delay => $"{delay.Key} {delay.Delay}").Order(StringComparer.Ordinal));
    }

    private static void CheckRead(string where, Watched read, StateSnapshot state, ModelState model, bool changed, bool reaped)
    {
        string name = $"{where}: read '{read.Read.Name}'";
        bool woken = read.Watches.Signalled.IsCompleted;
        (ulong index, string result) = read.Read.Store(state, null);
        string expected = read.Read.Model(model);
        Assert.True(expected == result, $"{name} gives\n{result}\nbut the model has\n{expected}");
        if (result != read.Result)
        {
            Assert.True(woken, $"{name} changed without waking its watchers");
            Assert.True(index > read.Index, $"{name} changed at index {index}, which is not above {read.Index}");
        }

        // Without its tombstones a list falls back to its entries, or to the index of the table.
        Assert.True(index == read.Index || index == state.AppliedIndex || reaped, $"{name} went from index {read.Index} to {index}");
        Assert.True(changed || (index == read.Index && !woken), $"{name} moved or woke although nothing changed");
        if (woken)
        {
            read.Renew(state);
        }
        else
        {
            // Like a client that did not come back yet: the old watch must still wake it for the next change.
            read.Index = index;
        }
    }
}
