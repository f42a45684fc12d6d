namespace K8sConsul.Gossip.Tests.Membership;

public sealed class TransmitQueueTests
{
    [Fact]
    public void Fresh_messages_go_first_then_long_ones_then_new_ones()
    {
        var queue = new TransmitQueue(retransmitMult: 2, () => 9);
        queue.Queue(null, "short"u8.ToArray());
        queue.Queue(null, "long message"u8.ToArray());
        queue.Queue(null, "shor2"u8.ToArray());

        Assert.Equal(["long message", "shor2", "short"], Take(queue, 100));
        queue.Queue(null, "x"u8.ToArray());
        Assert.Equal(["x", "long message", "shor2", "short"], Take(queue, 100));
        Assert.Equal(["x"], Take(queue, 100));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void What_does_not_fit_is_passed_over_for_what_does()
    {
        var queue = new TransmitQueue(retransmitMult: 1, () => 9);
        queue.Queue(null, new byte[50]);
        queue.Queue(null, "fits"u8.ToArray());

        Assert.Equal(["fits"], Take(queue, 10));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Newer_message_of_a_name_replaces_the_older_and_finishes_it()
    {
        var queue = new TransmitQueue(retransmitMult: 1, () => 9);
        int finished = 0;
        queue.Queue("n1", "old"u8.ToArray(), () => finished++);
        queue.Queue("n1", "new"u8.ToArray());
        queue.Queue("n2", "other"u8.ToArray());

        Assert.Equal(1, finished);
        Assert.Equal(["other", "new"], Take(queue, 100));
    }

    [Fact]
    public void Finished_is_called_once_after_the_last_transmission_or_when_pruned()
    {
        var queue = new TransmitQueue(retransmitMult: 2, () => 9);
        List<string> finished = [];
        queue.Queue(null, "a"u8.ToArray(), () => finished.Add("a"));
        Take(queue, 100);
        Assert.Empty(finished);
        Take(queue, 100);
        Assert.Equal(["a"], finished);
        queue.Queue(null, "b"u8.ToArray(), () => finished.Add("b"));
        queue.Queue(null, "c"u8.ToArray(), () => finished.Add("c"));
        queue.Prune(1);
        Assert.Equal(["a", "b"], finished);
        Assert.Equal(["c"], Take(queue, 100));
    }

    /// <summary>Random use beside a list that is sorted anew each time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Queue_behaves_as_the_slow_and_obvious_one(ulong seed)
    {
        var random = new SeededRandom(seed);
        int nodeCount = 5;
        var queue = new TransmitQueue(retransmitMult: 3, () => nodeCount);
        var slow = new SlowQueue();
        for (int round = 0; round < 2_000; round++)
        {
            switch (random.Next(4))
            {
                case 0 or 1:
                    string? name = random.Next(2) == 0 ? $"n{random.Next(10)}" : null;
                    var message = new byte[1 + random.Next(60)];
                    message[0] = (byte)round;
                    queue.Queue(name, message);
                    slow.Queue(name, message);
                    break;
                case 2:
                    nodeCount = 1 + random.Next(150);
                    (int overhead, int space) = (random.Next(4), random.Next(400));
                    var taken = new List<byte[]>();
                    int used = queue.Take(overhead, space, taken);
                    List<byte[]> expected = slow.Take(overhead, space, TransmitQueue.RetransmitLimit(3, nodeCount));
                    Assert.Equal(expected, taken);
                    Assert.Equal(expected.Sum(m => m.Length + overhead), used);
                    break;
                default:
                    if (random.Next(20) == 0)
                    {
                        queue.Prune(20);
                        slow.Prune(20);
                    }

                    break;
            }

            Assert.Equal(slow.Count, queue.Count);
        }
    }

    private static List<string> Take(TransmitQueue queue, int space)
    {
        var taken = new List<byte[]>();
        queue.Take(0, space, taken);
        return [.. taken.Select(System.Text.Encoding.UTF8.GetString)];
    }

    private sealed class SlowQueue
    {
        private readonly List<Item> _items = [];
        private int _next;

        public int Count => _items.Count;

        public void Queue(string? name, byte[] message)
        {
            _items.RemoveAll(item => name is not null && item.Name == name);
            _items.Add(new Item(name, message, _next++));
        }

        public List<byte[]> Take(int overhead, int space, int limit)
        {
            var taken = new List<Item>();
            if (_items.Count == 0)
            {
                return [];
            }

            int last = _items.Max(i => i.Transmits);
            for (int tier = 0; tier <= last; tier++)
            {
                foreach (Item item in Sorted().Where(i => i.Transmits == tier).ToList())
                {
                    if (item.Message.Length + overhead <= space && space - overhead > 0)
                    {
                        space -= item.Message.Length + overhead;
                        taken.Add(item);
                    }
                }
            }

            foreach (Item item in taken)
            {
                item.Transmits++;
                if (item.Transmits >= limit)
                {
                    _items.Remove(item);
                }
            }

            return [.. taken.Select(i => i.Message)];
        }

        public void Prune(int count)
        {
            foreach (Item item in Sorted().Skip(count).ToList())
            {
                _items.Remove(item);
            }
        }

        private IEnumerable<Item> Sorted() => _items.OrderBy(i => i.Transmits).ThenByDescending(i => i.Message.Length).ThenByDescending(i => i.Id);

        private sealed class Item(string? name, byte[] message, int id)
        {
            public string? Name { get; } = name;

            public byte[] Message { get; } = message;

            public int Id { get; } = id;

            public int Transmits { get; set; }
        }
    }
}
