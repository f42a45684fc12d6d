using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Services;

internal sealed class ServicesDeregisterCommand : ClientCommand
{
    private readonly Flag<string> _id;

    public ServicesDeregisterCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _id = Flags.String("id", "The ID of the service. Not together with FILEs.");
    }

    protected override string UsageText => """
        Usage: consul services deregister [options] [FILE...]

          Deregisters services from the agent they were registered with.

              $ consul services deregister web.json db.json

          One of them by its ID:

              $ consul services deregister -id=web

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 && _id.Value.Length == 0)
        {
            return Fail("Service deregistration requires at least one argument or -id.");
        }

        if (arguments.Count > 0 && _id.Value.Length > 0)
        {
            return Fail("Service deregistration requires arguments or -id, not both.");
        }

        string error = string.Empty;
        List<ServiceRegistration>? services = arguments.Count > 0
            ? ServiceFiles.TryLoad(arguments, Terminal, out error)
            : [new ServiceRegistration { ID = _id.Value }];
        if (services is null)
        {
            return Fail(error);
        }

        using ConsulClient? client = TryConnect();
        return client is null ? ExitCode.Failure : Deregister(client, services);
    }

    private int Deregister(ConsulClient client, List<ServiceRegistration> services)
    {
        foreach (ServiceRegistration service in services)
        {
            string? id = string.IsNullOrEmpty(service.ID) ? service.Name : service.ID;
            if (string.IsNullOrEmpty(id))
            {
                // A definition without a name was never registered.
                continue;
            }

            if (!TrySend(client, AgentApi.DeregisterService(id), $"Error registering service \"{service.Name}\"", out _))
            {
                return ExitCode.Failure;
            }

            Terminal.Print($"Deregistered service: {id}");
        }

        return ExitCode.Success;
    }
}
