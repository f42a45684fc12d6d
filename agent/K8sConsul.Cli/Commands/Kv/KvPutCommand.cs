using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Kv;

internal sealed class KvPutCommand : ClientCommand
{
    private readonly Flag<bool> _acquire;
    private readonly Flag<bool> _base64;
    private readonly Flag<bool> _cas;
    private readonly Flag<ulong> _flags;
    private readonly Flag<ulong> _modifyIndex;
    private readonly Flag<bool> _release;
    private readonly Flag<string> _session;

    public KvPutCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _acquire = Flags.Bool("acquire", "Lock the key for the session of -session, which must exist; the key is created where it does not. Off by default.");
        _base64 = Flags.Bool("base64", "The data is base64 encoded; store what it encodes. Off by default.");
        _cas = Flags.Bool("cas", "Write only if the key is as it was last seen: its ModifyIndex must be the one of -modify-index, which is then needed. Off by default.");
        _flags = Flags.Uint("flags", "A number to keep with the key. Consul does not read it; it is the client's own. 0 by default.");
        _modifyIndex = Flags.Uint("modify-index", "The ModifyIndex that -cas wants the key to have.");
        _release = Flags.Bool("release", "Unlock the key, which the session of -session must hold. Off by default.");
        _session = Flags.String("session", "The session that -acquire and -release lock and unlock for. None by default.");
    }

    protected override string UsageText => """
        Usage: consul kv put [options] KEY [DATA]

          Writes data to a key. Any data will do.

              $ consul kv put config/redis/maxconns 5

          With an "@" the data is the content of a file:

              $ consul kv put config/program/license @license.lic

          And "-" reads it from the input:

              $ echo "abcd1234" | consul kv put config/program/license -

          Without DATA the key gets an empty value:

              $ consul kv put webapp/beta/active

          With -base64 what the data encodes is stored.

          To write only if nobody else has written in between, give the
          ModifyIndex the key had when it was read:

              $ consul kv put -cas -modify-index=844 config/redis/maxconns 5

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        switch (arguments.Count)
        {
            case 0:
                return Fail("Error! Missing KEY argument");
            case > 2:
                return Fail($"Error! Too many arguments (expected 1 or 2, got {arguments.Count})");
        }

        string key = arguments[0];
        byte[]? data = TryLoad(arguments.Count > 1 ? arguments[1] : string.Empty, out string error);
        if (data is null)
        {
            return Fail($"Error! {error}");
        }

        if (_cas.Value && _modifyIndex.Value == 0)
        {
            return Fail("Must specify -modify-index with -cas!");
        }

        if ((_acquire.Value || _release.Value) && _session.Value.Length == 0)
        {
            return Fail("Error! Missing -session (required with -acquire and -release)");
        }

        using ConsulClient? client = TryConnect();
        return client is null ? ExitCode.Failure : Write(client, key, data);
    }

    /// <summary>The first of the three conditions counts, as it does in Consul.</summary>
    private int Write(ConsulClient client, string key, byte[] data)
    {
        KvWriteOptions write = new() { Flags = _flags.Value };
        string refused = string.Empty;
        string done = $"Success! Data written to: {key}";
        if (_cas.Value)
        {
            write = write with { CheckIndex = _modifyIndex.Value };
            refused = $"Error! Did not write to {key}: CAS failed";
        }
        else if (_acquire.Value)
        {
            write = write with { Acquire = _session.Value };
            refused = "Error! Did not acquire lock";
            done = $"Success! Lock acquired on: {key}";
        }
        else if (_release.Value)
        {
            write = write with { Release = _session.Value };
            refused = "Error! Did not release lock";
            done = $"Success! Lock released on: {key}";
        }

        string failed = _cas.Value ? $"Error! Did not write to {key}" : "Error! Failed writing data";
        if (KvKey.Reason(key) is { } reason)
        {
            return Fail($"{failed}: {reason}");
        }

        if (!TrySend(client, KvApi.Put(key, data, write), failed, out bool applied))
        {
            return ExitCode.Failure;
        }

        if (!applied && refused.Length > 0)
        {
            return Fail(refused);
        }

        Terminal.Print(done);
        return ExitCode.Success;
    }

    /// <summary>Consul 1.8.7 stores an empty value where the base64 is wrong; we refuse, and store nothing.</summary>
    private byte[]? TryLoad(string argument, out string error)
    {
        byte[]? data = DataArgument.TryLoad(argument, Terminal, out error);
        if (data is null || !_base64.Value)
        {
            return data;
        }

        byte[]? decoded = GoBase64.TryDecode(data, out error);
        error = decoded is null ? $"Cannot base 64 decode data: {error}" : error;
        return decoded;
    }
}
