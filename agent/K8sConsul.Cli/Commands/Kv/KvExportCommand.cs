using System.Buffers;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Kv;

internal sealed class KvExportCommand(Terminal terminal)
    : ClientCommand(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
{
    protected override string UsageText => """
        Usage: consul kv export [KEY_OR_PREFIX]

          Writes all keys with a prefix as JSON, in the form that "consul kv
          import" reads, perhaps into another cluster.

              $ consul kv export vault

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 1))
        {
            return ExitCode.Failure;
        }

        string prefix = arguments.Count == 0 ? string.Empty : arguments[0];
        prefix = prefix.StartsWith('/') ? prefix[1..] : prefix;
        using ConsulClient? client = TryConnect();
        if (client is null
            || !TrySend(client, KvApi.List(prefix, Http.Query), "Error querying Consul agent", out List<KvPair> pairs))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(Format(pairs));
        return ExitCode.Success;
    }

    private static byte[] Format(List<KvPair> pairs)
    {
        var text = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(text, pretty: true, indent: "\t");
        json.BeginArray();
        foreach (KvPair pair in pairs)
        {
            json.BeginObject();
            json.Name("key"u8);
            json.String(pair.Key);
            json.Name("flags"u8);
            json.Number(pair.Flags);
            json.Name("value"u8);
            json.Base64(pair.Value ?? []);
            json.EndObject();
        }

        json.EndArray();
        json.EndDocument();
        return text.WrittenSpan.ToArray();
    }
}
