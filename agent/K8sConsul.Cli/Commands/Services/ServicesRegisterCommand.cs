using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Services;

internal sealed class ServicesRegisterCommand : ClientCommand
{
    private readonly Flag<string> _address;
    private readonly Flag<string> _id;
    private readonly Flag<string> _kind;
    private readonly ListFlag<KeyValuePair<string, string>> _meta;
    private readonly Flag<string> _name;
    private readonly Flag<long> _port;
    private readonly ListFlag<string> _tags;
    private readonly ListFlag<KeyValuePair<string, string>> _taggedAddresses;

    public ServicesRegisterCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _address = Flags.String("address", "Where the service listens; without it, where its node does.");
        _id = Flags.String("id", "The ID of the instance; without it, the name.");
        _kind = Flags.String("kind", "The services 'kind'");
        _meta = Flags.List<KeyValuePair<string, string>>("meta", "Metadata of the service, as key=value. Can be given many times.", FlagKinds.ParsePair);
        _name = Flags.String("name", "The name of the service. Without it, FILEs say what to register.");
        _port = Flags.Int("port", "The port on which the service listens.");
        _tags = Flags.Strings("tag", "A tag of the service. Can be given many times.");
        _taggedAddresses = Flags.List<KeyValuePair<string, string>>("tagged-address", "Another address of the service, as key=address:port. Can be given many times.", FlagKinds.ParsePair);
    }

    protected override string UsageText => """
        Usage: consul services register [options] [FILE...]

          Registers services with the agent, as they stand in configuration files
          (HCL or JSON) or as flags say. They stay registered when the command
          ends, until "consul services deregister" or the API takes them away.

              $ consul services register web.json

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 && _name.Value.Length == 0)
        {
            return Fail("Service registration requires at least one argument or flags.");
        }

        if (arguments.Count > 0 && _name.Value.Length > 0)
        {
            return Fail("Service registration requires arguments or -id, not both.");
        }

        string error;
        List<ServiceRegistration>? services = arguments.Count > 0
            ? ServiceFiles.TryLoad(arguments, Terminal, out error)
            : TryFromFlags(out error);
        if (services is null)
        {
            return Fail(error);
        }

        using ConsulClient? client = TryConnect();
        return client is null ? ExitCode.Failure : Register(client, services);
    }

    private int Register(ConsulClient client, List<ServiceRegistration> services)
    {
        foreach (ServiceRegistration service in services)
        {
            if (!TrySend(client, AgentApi.RegisterService(service), $"Error registering service \"{service.Name}\"", out _))
            {
                return ExitCode.Failure;
            }

            Terminal.Print($"Registered service: {service.Name}");
        }

        return ExitCode.Success;
    }

    private List<ServiceRegistration>? TryFromFlags(out string error)
    {
        error = string.Empty;
        Dictionary<string, ServiceAddress>? tagged = null;
        foreach ((string name, string text) in _taggedAddresses.Values)
        {
            if (!GoAddress.TryParse(text, out ServiceAddress? address, out error))
            {
                error = $"Invalid Tagged Address: {error}";
                return null;
            }

            (tagged ??= new Dictionary<string, ServiceAddress>(StringComparer.Ordinal))[name] = address;
        }

        return
        [
            new ServiceRegistration
            {
                Kind = NullIfEmpty(_kind.Value),
                ID = NullIfEmpty(_id.Value),
                Name = _name.Value,
                Address = NullIfEmpty(_address.Value),
                Port = (int)Math.Clamp(_port.Value, int.MinValue, int.MaxValue),
                Tags = _tags.Values.Count > 0 ? [.. _tags.Values] : null,
                Meta = Meta(),
                TaggedAddresses = tagged,
            },
        ];
    }

    private Dictionary<string, string>? Meta()
    {
        Dictionary<string, string>? meta = null;
        foreach ((string key, string value) in _meta.Values)
        {
            (meta ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;
        }

        return meta;
    }

    private static string? NullIfEmpty(string text)
    {
        return text.Length == 0 ? null : text;
    }
}
