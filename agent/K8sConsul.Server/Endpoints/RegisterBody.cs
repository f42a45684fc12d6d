using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The bodies of <c>/v1/catalog/register</c> and <c>/v1/catalog/deregister</c>.</summary>
internal static class RegisterBody
{
    private const int UuidLength = 36;

    /// <exception cref="GoJsonException">In the words of Go's decoder.</exception>
    public static RegisterCommand Decode(ReadOnlySpan<byte> body, string datacenter)
    {
        var node = new NodeRecord { Node = string.Empty, Datacenter = datacenter };
        bool skip = false;
        ServiceRecord? service = null;
        CheckRecord? single = null;
        List<CheckRecord> checks = [];
        foreach ((string name, GoJsonValue value) in JsonDecode.Object(body, "structs.RegisterRequest").Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "id":
                    node = node with { Id = JsonDecode.Text(value, "RegisterRequest.ID") };
                    break;
                case "node":
                    node = node with { Node = JsonDecode.Text(value, "RegisterRequest.Node") };
                    break;
                case "address":
                    node = node with { Address = JsonDecode.Text(value, "RegisterRequest.Address") };
                    break;
                case "datacenter":
                    node = node with { Datacenter = JsonDecode.Text(value, "RegisterRequest.Datacenter") is { Length: > 0 } dc ? dc : datacenter };
                    break;
                case "taggedaddresses":
                    node = node with { TaggedAddresses = JsonDecode.Map(value, "RegisterRequest.TaggedAddresses") };
                    break;
                case "nodemeta":
                    node = node with { Meta = JsonDecode.Map(value, "RegisterRequest.NodeMeta") };
                    break;
                case "skipnodeupdate":
                    skip = JsonDecode.Bool(value, "RegisterRequest.SkipNodeUpdate");
                    break;
                case "service" when !value.IsNull:
                    service = ServiceBody.Decode(value, string.Empty);
                    break;
                case "check" when !value.IsNull:
                    single = CheckBody.Decode(value, "HealthCheck.Check");
                    break;
                case "checks":
                    checks.AddRange(JsonDecode.List(value, "RegisterRequest.Checks", "structs.HealthChecks").Select(check => CheckBody.Decode(check, "HealthCheck.Checks")));
                    break;
                case "service" or "check" or "writerequest" or "token":
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        if (single is not null)
        {
            checks.Add(single);
        }

        return new RegisterCommand
        {
            Node = node,
            SkipNodeUpdate = skip,
            Service = service is null ? null : Complete(service, node.Node),
            Checks = checks.ConvertAll(check => Complete(check, node.Node)),
        };
    }

    /// <exception cref="ApiRefusedException">500 in Consul's words.</exception>
    public static void Validate(RegisterCommand command)
    {
        NodeRecord node = command.Node;
        if (node.Node.Length == 0)
        {
            throw ApiRefusedException.Failed("Must provide node");
        }

        if (node.Address.Length == 0 && !command.SkipNodeUpdate)
        {
            throw ApiRefusedException.Failed("Must provide address if SkipNodeUpdate is not set");
        }

        if (node.Id.Length > 0 && node.Id.Length != UuidLength)
        {
            throw ApiRefusedException.Failed("Bad node ID: uuid string is wrong length");
        }

        if (command.Service is { } service && service.Service.Length == 0 && service.Id.Length > 0)
        {
            throw ApiRefusedException.Failed("Must provide service name with ID");
        }
    }

    /// <param name="target">The datacenter that the body names; empty when it names none.</param>
    public static DeregisterCommand DecodeDeregister(ReadOnlySpan<byte> body, out string target)
    {
        target = string.Empty;
        var command = new DeregisterCommand(string.Empty, string.Empty, string.Empty);
        foreach ((string name, GoJsonValue value) in JsonDecode.Object(body, "struct { Address string; *structs.Alias }").Members)
        {
            command = name.ToLowerInvariant() switch
            {
                "node" => command with { Node = JsonDecode.Text(value, ".Node") },
                "serviceid" => command with { ServiceId = JsonDecode.Text(value, ".ServiceID") },
                "checkid" => command with { CheckId = JsonDecode.Text(value, ".CheckID") },
                "datacenter" => ReadDatacenter(value, ref target, command),
                "address" or "writerequest" or "token" => command,
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return command;
    }

    private static DeregisterCommand ReadDatacenter(GoJsonValue value, ref string target, DeregisterCommand command)
    {
        target = JsonDecode.Text(value, ".Datacenter");
        return command;
    }

    private static ServiceRecord Complete(ServiceRecord service, string node) =>
        service with { Node = node, Id = service.Id.Length == 0 ? service.Service : service.Id };

    private static CheckRecord Complete(CheckRecord check, string node) => check with
    {
        Node = check.Node.Length == 0 ? node : check.Node,
        CheckId = check.CheckId.Length == 0 ? check.Name : check.CheckId,
    };
}
