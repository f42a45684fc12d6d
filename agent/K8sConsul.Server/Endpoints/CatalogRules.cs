using System.Globalization;
using System.Text;
using K8sConsul.Go;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>
/// What registrations must keep to before they are proposed, in Consul's words and order. Each rule returns the first
/// violation, or null.
/// </summary>
public static class CatalogRules
{
    private const int MetaPairsMax = 64;
    private const int MetaKeyBytesMax = 128;
    private const int MetaValueBytesMax = 512;
    private const int WeightMax = 65535;
    private const string ReservedPrefix = "consul-";

    public static string? Node(NodeRecord node, bool mayLackAddress)
    {
        if (node.Node.Length == 0)
        {
            return "Must provide node";
        }

        if (node.Address.Length == 0 && !mayLackAddress)
        {
            return "Must provide address if SkipNodeUpdate is not set";
        }

        return node.Id.Length > 0 && Uuid.Parse(node.Id) is { } wrong ? "Bad node ID: " + wrong : null;
    }

    public static string? Service(ServiceRecord service)
    {
        if (Kind(service) is { } wrong)
        {
            return wrong;
        }

        if (service.Id.Length > 0 && service.Service.Length == 0)
        {
            return "Must provide service name with ID";
        }

        // A service cannot be reached at "every address".
        return service.Address is "0.0.0.0" or "::" or "[::]" ? "Invalid service address" : null;
    }

    /// <summary>What proxies and gateways ask for; several violations are one text, as in Go's multierror.</summary>
    public static string? Kind(ServiceRecord service)
    {
        var errors = new List<string>();
        switch (service.Kind)
        {
            case "connect-proxy":
                ConnectProxy(service, service.Proxy ?? new ProxyRecord(), errors);
                break;
            case "mesh-gateway" or "terminating-gateway" or "ingress-gateway":
                Gateway(service, service.Proxy ?? new ProxyRecord(), errors);
                break;
        }

        return errors.Count > 0 ? MultiError(errors) : null;
    }

    /// <summary>What Consul's state store refuses, in the middle of a registration of which then nothing remains.</summary>
    public static string? Storable(RegisterCommand command)
    {
        if (command.Service is { } service)
        {
            if (Meta(service.Meta) is { } wrong)
            {
                return $"failed inserting service: Invalid Service Meta for node {command.Node.Node} and serviceID {service.Id}: {wrong}";
            }

            if (service.Id.Length == 0)
            {
                return "failed inserting service: failed inserting service: object missing primary index";
            }
        }

        return command.Checks.Any(check => check.CheckId.Length == 0)
            ? $"failed inserting check: failed inserting check: object missing primary index on node {GoText.Quote(command.Node.Node)}"
            : null;
    }

    /// <summary>Weights that make no sense are stored as the default, without a word.</summary>
    public static ServiceWeights Weights(ServiceWeights given) =>
        given is { Passing: >= 1 and <= WeightMax, Warning: >= 0 and <= WeightMax } ? given : ServiceWeights.Default;

    private static string MultiError(List<string> errors) =>
        (errors.Count == 1 ? "1 error occurred:\n" : string.Create(CultureInfo.InvariantCulture, $"{errors.Count} errors occurred:\n"))
        + string.Concat(errors.Select(static e => $"\t* {e}\n")) + "\n";

    private static void ConnectProxy(ServiceRecord service, ProxyRecord proxy, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(proxy.DestinationServiceName))
        {
            errors.Add("Proxy.DestinationServiceName must be non-empty for Connect proxy services");
        }

        if (service.Port == 0)
        {
            errors.Add("Port must be set for a Connect proxy");
        }

        if (service.ConnectNative)
        {
            errors.Add("A Proxy cannot also be Connect Native, only typical services");
        }

        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (UpstreamRecord upstream in proxy.Upstreams)
        {
            if (Upstream(upstream) is { } wrong)
            {
                errors.Add(wrong);
                continue;
            }

            string host = upstream.LocalBindAddress.Length == 0 ? "127.0.0.1" : upstream.LocalBindAddress;
            string address = string.Create(
                CultureInfo.InvariantCulture,
                $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{upstream.LocalBindPort}");
            if (!addresses.Add(address))
            {
                errors.Add($"upstreams cannot contain duplicates by local bind address and port; \"{address}\" is specified twice");
            }
        }
    }

    private static string? Upstream(UpstreamRecord upstream)
    {
        if (upstream.DestinationType is not ("" or "service" or "prepared_query"))
        {
            return $"unknown upstream destination type: {GoText.Quote(upstream.DestinationType)}";
        }

        if (upstream.DestinationName.Length == 0)
        {
            return "upstream destination name cannot be empty";
        }

        return upstream.LocalBindPort == 0 ? "upstream local bind port cannot be zero" : null;
    }

    private static void Gateway(ServiceRecord service, ProxyRecord proxy, List<string> errors)
    {
        // An ingress gateway's listeners have their own ports.
        if (service.Port == 0 && service.Kind != "ingress-gateway")
        {
            errors.Add($"Port must be non-zero for a {service.Kind}");
        }

        Refuse(proxy.DestinationServiceName.Length > 0, "DestinationServiceName");
        Refuse(proxy.DestinationServiceId.Length > 0, "DestinationServiceID");
        Refuse(proxy.LocalServiceAddress.Length > 0, "LocalServiceAddress");
        Refuse(proxy.LocalServicePort != 0, "LocalServicePort");
        Refuse(proxy.Upstreams.Count > 0, "Upstreams");

        void Refuse(bool given, string name)
        {
            if (given)
            {
                errors.Add($"The Proxy.{name} configuration is invalid for a {service.Kind}");
            }
        }
    }

    private static string? Meta(StringMap? meta)
    {
        if (meta is null)
        {
            return null;
        }

        if (meta.Count > MetaPairsMax)
        {
            // The text speaks of nodes in Consul too: the rule is shared.
            return $"Node metadata cannot contain more than {MetaPairsMax} key/value pairs";
        }

        foreach ((string key, string value) in meta)
        {
            if (MetaPair(key, value) is { } reason)
            {
                return $"Couldn't load metadata pair ('{key}', '{value}'): {reason}";
            }
        }

        return null;
    }

    private static string? MetaPair(string key, string value)
    {
        if (key.Length == 0)
        {
            return "Key cannot be blank";
        }

        if (!key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return "Key contains invalid characters";
        }

        if (Encoding.UTF8.GetByteCount(key) > MetaKeyBytesMax)
        {
            return $"Key is too long (limit: {MetaKeyBytesMax} characters)";
        }

        if (key.StartsWith(ReservedPrefix, StringComparison.Ordinal))
        {
            return $"Key prefix '{ReservedPrefix}' is reserved for internal use";
        }

        return Encoding.UTF8.GetByteCount(value) > MetaValueBytesMax ? $"Value is too long (limit: {MetaValueBytesMax} characters)" : null;
    }
}
