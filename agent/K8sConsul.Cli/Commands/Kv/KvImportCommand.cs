using System.Text;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Kv;

internal sealed class KvImportCommand(Terminal terminal)
    : ClientCommand(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
{
    protected override string UsageText => """
        Usage: consul kv import [DATA]

          Writes keys from the JSON that "consul kv export" has made.

          With an "@" it is read from a file:

              $ consul kv import @filename.json

          And "-" reads it from the input:

              $ cat filename.json | consul kv import -

          It may also be the argument itself; mind the shell's quoting then.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        byte[]? data = TryLoad(arguments, out string error);
        if (data is null)
        {
            return Fail($"Error! {error}");
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        List<KvImportEntry>? entries = KvImportEntry.TryParse(data, out error);
        return entries is null ? Fail($"Cannot unmarshal data: {error}") : Write(client, entries);
    }

    /// <summary>One by one, and no further than the first that fails; what was written before stays.</summary>
    private int Write(ConsulClient client, List<KvImportEntry> entries)
    {
        foreach (KvImportEntry entry in entries)
        {
            byte[]? value = GoBase64.TryDecode(Encoding.UTF8.GetBytes(entry.Value), out string error);
            if (value is null)
            {
                return Fail($"Error base 64 decoding value for key {entry.Key}: {error}");
            }

            string failed = $"Error! Failed writing data for key {entry.Key}";
            if (KvKey.Reason(entry.Key) is { } reason)
            {
                return Fail($"{failed}: {reason}");
            }

            if (!TrySend(client, KvApi.Put(entry.Key, value, new KvWriteOptions { Flags = entry.Flags }), failed, out _))
            {
                return ExitCode.Failure;
            }

            Terminal.Print($"Imported: {entry.Key}");
        }

        return ExitCode.Success;
    }

    private byte[]? TryLoad(IReadOnlyList<string> arguments, out string error)
    {
        error = arguments.Count switch
        {
            0 => "Missing DATA argument",
            1 when arguments[0].Length == 0 => "Empty DATA argument",
            1 => string.Empty,
            _ => $"Too many arguments (expected 1, got {arguments.Count})",
        };
        return error.Length > 0 ? null : DataArgument.TryLoad(arguments[0], Terminal, out error);
    }
}
