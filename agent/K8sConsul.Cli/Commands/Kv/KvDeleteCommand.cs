using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands.Kv;

internal sealed class KvDeleteCommand : ClientCommand
{
    private readonly Flag<bool> _cas;
    private readonly Flag<ulong> _modifyIndex;
    private readonly Flag<bool> _recurse;

    public KvDeleteCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _cas = Flags.Bool("cas", "Delete only if the key is as it was last seen: its ModifyIndex must be the one of -modify-index, which is then needed. Off by default.");
        _modifyIndex = Flags.Uint("modify-index", "The ModifyIndex that -cas wants the key to have.");
        _recurse = Flags.Bool("recurse", "Delete all keys with the given prefix. Off by default.");
    }

    protected override string UsageText => """
        Usage: consul kv delete [options] KEY_OR_PREFIX

          Deletes a key. One that does not exist is no error.

          Delete the key "foo":

              $ consul kv delete foo

          Delete every key that starts with "foo":

              $ consul kv delete -recurse foo

          That is "foo", but also "food" and "foo/bar/zip".

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 1))
        {
            return ExitCode.Failure;
        }

        string key = arguments.Count == 0 ? string.Empty : arguments[0];
        key = key.StartsWith('/') ? key[1..] : key;
        if (Complaint(key) is { } complaint)
        {
            return Fail(complaint);
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        return _recurse.Value ? DeleteTree(client, key) : Delete(client, key);
    }

    private string? Complaint(string key)
    {
        // The empty prefix is the whole store, and must be meant.
        if (key.Length == 0 && !_recurse.Value)
        {
            return "Error! Missing KEY argument";
        }

        if (_cas.Value && _recurse.Value)
        {
            return "Cannot specify both -cas and -recurse!";
        }

        if (_cas.Value && _modifyIndex.Value == 0)
        {
            return "Must specify -modify-index with -cas!";
        }

        return !_cas.Value && _modifyIndex.Value != 0 ? "Cannot specify -modify-index without -cas!" : null;
    }

    private int DeleteTree(ConsulClient client, string prefix)
    {
        if (!TrySend(client, KvApi.DeleteTree(prefix), $"Error! Did not delete prefix {prefix}", out _))
        {
            return ExitCode.Failure;
        }

        Terminal.Print($"Success! Deleted keys with prefix: {prefix}");
        return ExitCode.Success;
    }

    private int Delete(ConsulClient client, string key)
    {
        ulong? index = _cas.Value ? _modifyIndex.Value : null;
        string failed = _cas.Value ? $"Error! Did not delete key {key}" : $"Error deleting key {key}";
        if (!TrySend(client, KvApi.Delete(key, index), failed, out bool deleted))
        {
            return ExitCode.Failure;
        }

        if (!deleted && _cas.Value)
        {
            return Fail($"Error! Did not delete key {key}: CAS failed");
        }

        Terminal.Print($"Success! Deleted key: {key}");
        return ExitCode.Success;
    }
}
