using System.Text;
using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>The <c>_serf_</c> queries that members answer without their application.</summary>
public sealed partial class GossipNode
{
    private const string NoKeyringToModify = "No keyring to modify (encryption not enabled)";

    private readonly Dictionary<PersistenceId, Action<string?>> _persistences = [];
    private long _persistenceSequence;

    /// <summary>A <see cref="PersistKeyring"/> effect was carried out, or failed with this text.</summary>
    public void KeyringPersisted(PersistenceId persistence, string? error, TimeSpan now)
    {
        Advance(now);
        if (_persistences.Remove(persistence, out Action<string?>? done))
        {
            done(error);
        }

        RunImmediate();
    }

    private void AnswerInternal(QueryMessage query)
    {
        switch (query.Name)
        {
            case "_serf_ping":
                // The confirmation that flag 1 asks for is the whole answer.
                break;
            case "_serf_conflict":
                AnswerConflict(query);
                break;
            case "_serf_list-keys":
                AnswerListKeys(query);
                break;
            case "_serf_install-key":
                AnswerKeyChange(query, static (keyring, key) =>
                {
                    keyring.Install(key);
                    return null;
                });
                break;
            case "_serf_use-key":
                AnswerKeyChange(query, static (keyring, key) => keyring.Use(key));
                break;
            case "_serf_remove-key":
                AnswerKeyChange(query, static (keyring, key) => keyring.Remove(key));
                break;
            default:
                _context.Warn($"serf: Unhandled internal query '{query.Name}'");
                break;
        }
    }

    /// <summary>Somebody wants to know who we think owns a name. The name's owner itself keeps silent.</summary>
    private void AnswerConflict(QueryMessage query)
    {
        string name = Encoding.UTF8.GetString(query.Payload ?? []);
        if (name == _self.Name)
        {
            return;
        }

        _context.Debug($"serf: Got conflict resolution query for '{name}'");
        Answer(query, ConflictResponse.Encode(_members.GetValueOrDefault(name)?.Member));
    }

    private void AnswerListKeys(QueryMessage query)
    {
        if (_self.Keyring is not { } keyring)
        {
            _context.Error("serf: Keyring is empty (encryption not enabled)");
            Answer(query, new KeyResponse(Result: false, "Keyring is empty (encryption not enabled)", null, string.Empty).Encode());
            return;
        }

        List<string> keys = [.. keyring.Keys.Select(key => key.Base64)];
        int total = keys.Count;
        string message = string.Empty;
        while (true)
        {
            byte[] payload = new KeyResponse(Result: true, message, keys, keyring.Primary.Base64).Encode();
            var response = new QueryResponseMessage(query.LTime, query.Id, _self.Name, QueryFlags.None, payload);
            if (keys.Count == 0 || response.Encode().Length <= _options.QueryResponseBytesMax)
            {
                Answer(query, payload);
                return;
            }

            keys.RemoveAt(keys.Count - 1);
            message = $"truncated key list response, showing first {keys.Count} of {total} keys";
        }
    }

    /// <summary>The answer waits for the file: a key that would be gone after a restart must not be reported as installed.</summary>
    private void AnswerKeyChange(QueryMessage query, Func<Keyring, GossipKey, string?> change)
    {
        string? problem = TryChangeKeyring(query, change, out Keyring? keyring);
        if (problem is not null)
        {
            _context.Error($"serf: {problem}");
            Answer(query, new KeyResponse(Result: false, problem, null, string.Empty).Encode());
            return;
        }

        var persistence = new PersistenceId(++_persistenceSequence);
        _persistences.Add(persistence, error =>
        {
            if (error is not null)
            {
                _context.Error($"serf: Failed to write keyring file: {error}");
            }

            Answer(query, new KeyResponse(error is null, error ?? string.Empty, null, string.Empty).Encode());
        });
        _context.Emit(new PersistKeyring(persistence, keyring!.Keys));
    }

    private string? TryChangeKeyring(QueryMessage query, Func<Keyring, GossipKey, string?> change, out Keyring? keyring)
    {
        keyring = _self.Keyring;
        if (keyring is null)
        {
            return NoKeyringToModify;
        }

        byte[] raw;
        try
        {
            raw = KeyRequest.Decode(query.Payload);
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            return $"Failed to decode key request: {e.Message}";
        }

        return GossipKey.TryCreate(raw, out GossipKey key, out string error) ? change(keyring, key) : error;
    }

    private void Answer(QueryMessage query, byte[] payload)
    {
        if (Respond(query, payload) is { } refusal)
        {
            _context.Error($"serf: Failed to respond to {query.Name}: {refusal}");
        }
    }
}
