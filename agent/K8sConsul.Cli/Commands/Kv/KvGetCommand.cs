using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Kv;

internal sealed class KvGetCommand : ClientCommand
{
    private const string QueryFailed = "Error querying Consul agent";

    private readonly Flag<bool> _base64;
    private readonly Flag<bool> _detailed;
    private readonly Flag<bool> _keys;
    private readonly Flag<bool> _recurse;
    private readonly Flag<string> _separator;

    public KvGetCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _base64 = Flags.Bool("base64", "Show the value base64 encoded. Off by default.");
        _detailed = Flags.Bool("detailed", "Show everything that is known about the key besides its value, such as its ModifyIndex and flags. Off by default.");
        _keys = Flags.Bool("keys", "List the keys with the given prefix and not their values. Often used with -separator, which cuts them. Off by default.");
        _recurse = Flags.Bool("recurse", "Show all keys with the given prefix. Off by default.");
        _separator = Flags.String("separator", "Where -keys cuts the keys behind the prefix. \"/\" by default; an empty one lists whole keys.", "/");
    }

    protected override string UsageText => """
        Usage: consul kv get [options] [KEY_OR_PREFIX]

          Shows the value of a key. A key that does not exist is an error; one
          without a value shows an empty line. Without a key, -keys and -recurse
          take the root of the store.

          The value of the key "foo":

              $ consul kv get foo

          Everything that is known about it, such as its ModifyIndex and flags:

              $ consul kv get -detailed foo

          All keys that start with "foo", with their values:

              $ consul kv get -recurse foo

          Only their names:

              $ consul kv get -keys foo

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 1))
        {
            return ExitCode.Failure;
        }

        // A slash at the beginning is a common slip; no key has one.
        string key = arguments.Count == 0 ? string.Empty : arguments[0];
        key = key.StartsWith('/') ? key[1..] : key;
        if (key.Length == 0 && !_keys.Value && !_recurse.Value)
        {
            return Fail("Error! Missing KEY argument");
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        if (_keys.Value)
        {
            return ShowKeys(client, key);
        }

        if (_recurse.Value)
        {
            return ShowTree(client, key);
        }

        return _detailed.Value ? ShowDetails(client, key) : ShowValue(client, key);
    }

    private int ShowKeys(ConsulClient client, string prefix)
    {
        if (!TrySend(client, KvApi.Keys(prefix, _separator.Value, Http.Query), QueryFailed, out List<string> keys))
        {
            return ExitCode.Failure;
        }

        foreach (string key in keys)
        {
            Terminal.Print(key);
        }

        return ExitCode.Success;
    }

    private int ShowTree(ConsulClient client, string prefix)
    {
        if (!TrySend(client, KvApi.List(prefix, Http.Query), QueryFailed, out List<KvPair> pairs))
        {
            return ExitCode.Failure;
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            if (!_detailed.Value)
            {
                Terminal.Print([.. System.Text.Encoding.UTF8.GetBytes(pairs[i].Key), (byte)':', .. Shown(pairs[i].Value), (byte)'\n']);
                continue;
            }

            Terminal.Print(KvDetails.Format(pairs[i], Shown(pairs[i].Value)));
            if (i < pairs.Count - 1)
            {
                Terminal.Print(string.Empty);
            }
        }

        return ExitCode.Success;
    }

    private int ShowDetails(ConsulClient client, string key)
    {
        if (!TrySend(client, KvApi.Get(key, Http.Query), QueryFailed, out KvPair? pair))
        {
            return ExitCode.Failure;
        }

        if (pair is null)
        {
            return Missing(key);
        }

        Terminal.Print(KvDetails.Format(pair, Shown(pair.Value)));
        return ExitCode.Success;
    }

    /// <summary>The value alone is asked for raw: no JSON to write, and none to read.</summary>
    private int ShowValue(ConsulClient client, string key)
    {
        if (!TrySend(client, KvApi.GetRaw(key, Http.Query), QueryFailed, out byte[]? value))
        {
            return ExitCode.Failure;
        }

        if (value is null)
        {
            return Missing(key);
        }

        ReadOnlySpan<byte> shown = Shown(value);
        byte[] line = new byte[shown.Length + 1];
        shown.CopyTo(line);
        line[^1] = (byte)'\n';
        Terminal.Print(line);
        return ExitCode.Success;
    }

    private int Missing(string key)
    {
        return Fail($"Error! No key exists at: {key}");
    }

    private byte[] Shown(byte[]? value)
    {
        return _base64.Value ? System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(value ?? [])) : value ?? [];
    }
}
