using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli;

/// <summary>A command that asks an agent.</summary>
internal abstract class ClientCommand : Command
{
    protected ClientCommand(Terminal terminal, ClientFlagSets flags)
        : base(terminal)
    {
        Http = new ClientFlags(Flags, flags);
    }

    protected ClientFlags Http { get; }

    protected virtual string ConnectFailedText => "Error connecting to Consul agent";

    /// <summary>Null when the client could not be made; the user then knows why.</summary>
    protected ConsulClient? TryConnect()
    {
        ConsulClient? client = ConsulClient.TryCreate(Http.ToOptions(Terminal), out string error);
        if (client is null)
        {
            Terminal.Error($"{ConnectFailedText}: {error}");
        }

        return client;
    }

    /// <summary>Sends, or says what went wrong after <paramref name="failed"/> and a colon.</summary>
    protected bool TrySend<T>(ConsulClient client, ConsulRequest<T> request, string failed, out T value)
    {
        try
        {
            value = client.Send(request).Value;
            return true;
        }
        catch (ConsulException failure)
        {
            Terminal.Error($"{failed}: {failure.Message}");
            value = default!;
            return false;
        }
    }

    protected bool HasTooMany(IReadOnlyList<string> arguments, int expected)
    {
        if (arguments.Count > expected)
        {
            Terminal.Error($"Too many arguments (expected {expected}, got {arguments.Count})");
        }

        return arguments.Count > expected;
    }
}
