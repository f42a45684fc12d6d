using System.Collections.Immutable;
using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>Keyring operations on the whole pool, as an operator asks for them.</summary>
public sealed partial class GossipNode
{
    /// <summary>Asks every member, ourselves included. Completes with <see cref="KeyringCompleted"/>, or with an error if it cannot be asked.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="key">Raw key; empty for a list. Members refuse what is no key.</param>
    /// <param name="relayFactor">See <see cref="QueryRequest.RelayFactor"/>.</param>
    /// <param name="now">Monotonic time.</param>
    public OperationId BeginKeyring(KeyringOperation operation, ReadOnlySpan<byte> key, byte relayFactor, TimeSpan now)
    {
        Advance(now);
        OperationId id = NewOperation();
        var tally = new KeyringTally(_memberlist.AliveCount);
        var request = new QueryRequest
        {
            Name = operation switch
            {
                KeyringOperation.List => "_serf_list-keys",
                KeyringOperation.Install => "_serf_install-key",
                KeyringOperation.Use => "_serf_use-key",
                _ => "_serf_remove-key",
            },
            Payload = KeyRequest.Encode(key),
            RelayFactor = relayFactor,
        };
        Action? finishEarly = null;
        string? refusal = StartQuery(
            request,
            (response, isAck) =>
            {
                if (!isAck && tally.Add(response))
                {
                    finishEarly?.Invoke();
                }
            },
            () => _context.Emit(new KeyringCompleted(id, tally.Answer)),
            running =>
            {
                ulong lTime = _queryClock.Time;
                finishEarly = () => FinishQuery(lTime, running);
            });
        if (refusal is not null)
        {
            Complete(id, refusal);
        }

        RunImmediate();
        return id;
    }

    /// <summary>Counts answers; the texts are those of Serf's key manager.</summary>
    private sealed class KeyringTally(int nodeCount)
    {
        public KeyringAnswer Answer { get; private set; } = new() { NodeCount = nodeCount };

        /// <summary>Takes in one answer.</summary>
        /// <returns>True once everybody has answered.</returns>
        public bool Add(QueryResponseMessage response)
        {
            Answer = Answer with { ResponseCount = Answer.ResponseCount + 1 };
            try
            {
                Count(response.From, KeyResponse.Decode(response.Payload));
            }
            catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
            {
                Fail(response.From, $"Failed to decode key query response: {e.Message}");
            }

            return Answer.ResponseCount == Answer.NodeCount;
        }

        private void Count(string from, KeyResponse response)
        {
            if (!response.Result)
            {
                Fail(from, response.Message);
            }
            else if (response.Message.Length > 0)
            {
                Answer = Answer with { Messages = Answer.Messages.SetItem(from, response.Message) };
            }

            ImmutableSortedDictionary<string, int> keys = Answer.Keys;
            foreach (string key in response.Keys ?? [])
            {
                keys = keys.SetItem(key, keys.GetValueOrDefault(key) + 1);
            }

            ImmutableSortedDictionary<string, int> primaries = response.PrimaryKey.Length == 0
                ? Answer.PrimaryKeys
                : Answer.PrimaryKeys.SetItem(response.PrimaryKey, Answer.PrimaryKeys.GetValueOrDefault(response.PrimaryKey) + 1);
            Answer = Answer with { Keys = keys, PrimaryKeys = primaries };
        }

        private void Fail(string from, string message) => Answer = Answer with
        {
            ErrorCount = Answer.ErrorCount + 1,
            Messages = Answer.Messages.SetItem(from, message),
        };
    }
}
