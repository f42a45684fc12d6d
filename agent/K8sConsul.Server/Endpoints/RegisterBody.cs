using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The bodies of <c>/v1/catalog/register</c> and <c>/v1/catalog/deregister</c>.</summary>
internal static class RegisterBody
{
    private const string UnknownNamespace = "json: unknown field \"Namespace\"";

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
                    node = node with { Id = JsonDecode.Text(value, "RegisterRequest.ID", "types.NodeID") };
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
                    service = ServiceBody.Decode(value);
                    break;
                case "check" when !value.IsNull:
                    single = CheckBody.Decode(value, "Check");
                    break;
                case "checks":
                    checks.AddRange(JsonDecode.List(value, "RegisterRequest.Checks", "structs.HealthChecks").Select(check => CheckBody.Decode(check, "Checks")));
                    break;
                case "service" or "check" or "token":
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        if (single is not null)
        {
            checks.Add(single);
        }

        RequireDatacenter(node.Datacenter, datacenter);
        return new RegisterCommand
        {
            Node = node,
            SkipNodeUpdate = skip,
            Service = service is null ? null : Complete(service, node.Node),
            Checks = checks.ConvertAll(check => Complete(check, node.Node)),
        };
    }

    /// <summary>The answer to a body that is none. Of the fields that are not known, one belongs to Consul Enterprise.</summary>
    public static ApiRefusedException Refused(GoJsonException error) => ApiRefusedException.BadRequest(
        "Request decode failed: " + error.Message
        + (error.Message == UnknownNamespace ? " - Namespaces are a Consul Enterprise feature" : string.Empty));

    /// <exception cref="ApiRefusedException">500 in Consul's words.</exception>
    public static void Validate(RegisterCommand command)
    {
        string? refused = CatalogRules.Node(command.Node, mayLackAddress: command.SkipNodeUpdate)
            ?? (command.Service is { } service ? CatalogRules.Service(service) : null)
            ?? CatalogRules.Storable(command);
        if (refused is not null)
        {
            throw ApiRefusedException.Failed(refused);
        }
    }

    /// <param name="datacenter">The own one; another named in the body has no path.</param>
    public static DeregisterCommand DecodeDeregister(ReadOnlySpan<byte> body, string datacenter)
    {
        var command = new DeregisterCommand(string.Empty, string.Empty, string.Empty);
        string wanted = string.Empty;
        foreach ((string name, GoJsonValue value) in JsonDecode.Object(body, "struct { Address string; *structs.Alias }").Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "node":
                    command = command with { Node = JsonDecode.Text(value, ".Node") };
                    break;
                case "serviceid":
                    command = command with { ServiceId = JsonDecode.Text(value, ".ServiceID") };
                    break;
                case "checkid":
                    command = command with { CheckId = JsonDecode.Text(value, ".CheckID", "types.CheckID") };
                    break;
                case "datacenter":
                    wanted = JsonDecode.Text(value, ".Datacenter");
                    break;
                case "address" or "token":
                    _ = JsonDecode.Text(value, ".Address");
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        RequireDatacenter(wanted, datacenter);
        return command;
    }

    private static void RequireDatacenter(string wanted, string own)
    {
        if (wanted.Length > 0 && !string.Equals(wanted, own, StringComparison.Ordinal))
        {
            throw ApiRefusedException.Failed("No path to datacenter");
        }
    }

    private static ServiceRecord Complete(ServiceRecord service, string node) => service with
    {
        Node = node,
        Id = service.Id.Length == 0 ? service.Service : service.Id,
        Weights = CatalogRules.Weights(service.Weights),
    };

    private static CheckRecord Complete(CheckRecord check, string node) => check with
    {
        Node = check.Node.Length == 0 ? node : check.Node,
        CheckId = check.CheckId.Length == 0 ? check.Name : check.CheckId,
    };
}
