using System.Globalization;
using K8sConsul.State.Radix;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Radix;

/// <summary>
/// One writer publishes trees while readers watch single keys, as blocking queries do: read, and if nothing is new wait for
/// the watch. A missed signal leaves a reader waiting for ever, which the deadline turns into a failure.
/// </summary>
public sealed class RadixConcurrencyTests
{
    private const int Keys = 8;
    private const int Writes = 20_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private sealed class Published(RadixTree<string> tree)
    {
        private volatile RadixTree<string> _tree = tree;

        public RadixTree<string> Tree
        {
            get => _tree;
            set => _tree = value;
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Every_reader_sees_the_last_write_of_its_key(ulong seed)
    {
        var published = new Published(RadixTree<string>.CreateEmpty());
        int[] last = LastWrites(seed);
        var readers = new List<Task<int>>();
        for (int i = 0; i < 24; i++)
        {
            int key = i % Keys;
            bool byPrefix = i >= 2 * Keys;
            readers.Add(Task.Run(() => FollowAsync(published, key, last[key], byPrefix)));
        }

        Task writer = Task.Run(() => Write(published, seed));
        await writer.WaitAsync(Deadline);
        foreach (Task<int> reader in readers)
        {
            Assert.True(await reader.WaitAsync(Deadline) >= 1);
        }
    }

    private static void Write(Published published, ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int write = 1; write <= Writes; write++)
        {
            int key = random.Next(Keys);
            RadixTransaction<string> edit = published.Tree.Edit();
            edit.Set(Name(key), write.ToString(CultureInfo.InvariantCulture));

            // Structure below and beside the watched keys comes and goes, so that nodes split and join all the time.
            byte[] noise = [.. Name(key), (byte)random.Next(4)];
            if (random.Chance(50))
            {
                edit.Set(noise, "noise");
            }
            else
            {
                edit.Remove(noise);
            }

            published.Tree = edit.Tree();
            edit.Notify();
        }
    }

    private static async Task<int> FollowAsync(Published published, int key, int last, bool byPrefix)
    {
        int seen = 0;
        int reads = 0;
        while (seen < last)
        {
            using var watches = new WatchSet();
            RadixTree<string> tree = published.Tree;
            string? value = byPrefix ? tree.Prefix(Name(key), watches).FirstOrDefault(v => v != "noise") : tree.Get(Name(key), watches);
            int now = value is null ? 0 : int.Parse(value, CultureInfo.InvariantCulture);
            Assert.True(now >= seen, "time runs backwards");
            reads++;
            if (now == seen)
            {
                await watches.Signalled;
            }

            seen = now;
        }

        return reads;
    }

    private static int[] LastWrites(ulong seed)
    {
        var random = new SeededRandom(seed);
        int[] last = new int[Keys];
        for (int write = 1; write <= Writes; write++)
        {
            last[random.Next(Keys)] = write;
            random.Next(4);
            random.Chance(50);
        }

        return last;
    }

    private static byte[] Name(int key) => [(byte)'k', (byte)('0' + (key / 3)), (byte)('0' + key)];
}
