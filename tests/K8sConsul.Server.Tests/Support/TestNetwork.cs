using System.Collections.Concurrent;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Connects the Raft hosts of a test within the process; servers can be cut off, and what is said can be heard.</summary>
internal sealed class TestNetwork
{
    private readonly ConcurrentDictionary<ServerId, RaftHost> _hosts = new();
    private readonly ConcurrentDictionary<ServerId, bool> _cut = new();

    /// <summary>Sees every message that is sent, also those that are lost.</summary>
    public Action<RaftMessage> Tap { get; set; } = static _ => { };

    public IRaftTransport Transport => new Port(this);

    public void Attach(ServerId id, RaftHost host) => _hosts[id] = host;

    public void Cut(ServerId id) => _cut[id] = true;

    public void Heal() => _cut.Clear();

    private sealed class Port(TestNetwork network) : IRaftTransport
    {
        public void Configure(RaftConfiguration configuration)
        {
            // Everybody is connected.
        }

        public void Send(IReadOnlyList<RaftMessage> messages)
        {
            foreach (RaftMessage message in messages)
            {
                network.Tap(message);
                if (!network._cut.ContainsKey(message.From) && !network._cut.ContainsKey(message.To) && network._hosts.TryGetValue(message.To, out RaftHost? host))
                {
                    host.Deliver(message);
                }
            }
        }
    }
}
