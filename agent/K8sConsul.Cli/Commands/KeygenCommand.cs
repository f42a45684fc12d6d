using System.Security.Cryptography;

namespace K8sConsul.Cli.Commands;

internal sealed class KeygenCommand(Terminal terminal) : Command(terminal)
{
    /// <summary>AES-256.</summary>
    private const int KeyBytes = 32;

    protected override string UsageText => """
        Usage: consul keygen

          Makes a new key for the encryption of gossip, in the form that the
          agent's configuration wants.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        Terminal.Print(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
        return ExitCode.Success;
    }
}
