namespace K8sConsul.Agent.Local.Definitions;

/// <summary>What a service definition must keep to, with Consul's texts. Each rule returns the first violation or null.</summary>
public static class ServiceRules
{
    public const int MetaPairsMax = 64;
    public const int MetaKeyMax = 128;
    public const int MetaValueMax = 512;
    public const int WeightMax = 65535;

    private const string ReservedPrefix = "consul-";

    /// <summary>All rules in the order and with the texts of the HTTP API.</summary>
    public static string? Validate(ServiceDefinition service)
    {
        if (service.Name.Length == 0)
        {
            return "Missing service name";
        }

        if (Address(service.Address) is { } address)
        {
            return address;
        }

        if (Weights(service.Weights) is { } weights)
        {
            return $"Invalid Weights: {weights}";
        }

        if (Meta(service.Meta) is { } meta)
        {
            return $"Invalid Service Meta: {meta}";
        }

        if (Kind(service) is { } kind)
        {
            return kind;
        }

        foreach (CheckDefinition check in service.Checks)
        {
            if (check.IsEmpty)
            {
                continue;
            }

            if (check.Validate() is { } invalid)
            {
                return $"Invalid check: {invalid}";
            }

            if (!check.HasValidStatus)
            {
                return "Status for checks must 'passing', 'warning', 'critical'";
            }
        }

        return null;
    }

    /// <summary>A service cannot be reached at "every address".</summary>
    public static string? Address(string address) => address is "0.0.0.0" or "::" or "[::]" ? "Invalid service address" : null;

    public static string? Weights(ServiceWeights weights)
    {
        if (weights.Passing < 1)
        {
            return "Passing must be greater than 0";
        }

        if (weights.Warning < 0)
        {
            return "Warning must be greater or equal than 0";
        }

        return weights.Passing > WeightMax || weights.Warning > WeightMax ? "DNS Weight must be between 0 and 65535" : null;
    }

    public static string? Meta(IReadOnlyDictionary<string, string> meta)
    {
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

    /// <summary>What kinds other than the usual one ask for; several violations are one text, as in Go's multierror.</summary>
    public static string? Kind(ServiceDefinition service)
    {
        ProxyDefinition proxy = service.Proxy ?? ProxyDefinition.Empty;
        List<string> errors = [];
        switch (service.Kind)
        {
            case "connect-proxy":
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

                break;
            case "mesh-gateway" or "terminating-gateway" or "ingress-gateway":
                Gateway(service, proxy, errors);
                break;
        }

        return errors.Count == 0 ? null : MultiError(errors);
    }

    private static void Gateway(ServiceDefinition service, ProxyDefinition proxy, List<string> errors)
    {
        // An ingress gateway's listeners have their own ports.
        if (service.Port == 0 && !string.Equals(service.Kind, "ingress-gateway", StringComparison.Ordinal))
        {
            errors.Add($"Port must be non-zero for a {service.Kind}");
        }

        if (service.HasSidecarService)
        {
            errors.Add($"A {service.Kind} cannot have a sidecar service");
        }

        if (service.ConnectNative)
        {
            errors.Add($"A {service.Kind} cannot be Connect Native");
        }

        if (proxy.DestinationServiceName.Length > 0)
        {
            errors.Add($"The Proxy.DestinationServiceName configuration is invalid for a {service.Kind}");
        }

        if (proxy.DestinationServiceId.Length > 0)
        {
            errors.Add($"The Proxy.DestinationServiceID configuration is invalid for a {service.Kind}");
        }

        if (proxy.LocalServiceAddress.Length > 0)
        {
            errors.Add($"The Proxy.LocalServiceAddress configuration is invalid for a {service.Kind}");
        }

        if (proxy.LocalServicePort != 0)
        {
            errors.Add($"The Proxy.LocalServicePort configuration is invalid for a {service.Kind}");
        }

        if (!proxy.Upstreams.IsDefaultOrEmpty)
        {
            errors.Add($"The Proxy.Upstreams configuration is invalid for a {service.Kind}");
        }
    }

    private static string? MetaPair(string key, string value)
    {
        if (key.Length == 0)
        {
            return "Key cannot be blank";
        }

        foreach (char c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return "Key contains invalid characters";
            }
        }

        if (System.Text.Encoding.UTF8.GetByteCount(key) > MetaKeyMax)
        {
            return $"Key is too long (limit: {MetaKeyMax} characters)";
        }

        if (key.StartsWith(ReservedPrefix, StringComparison.Ordinal))
        {
            return $"Key prefix '{ReservedPrefix}' is reserved for internal use";
        }

        return System.Text.Encoding.UTF8.GetByteCount(value) > MetaValueMax ? $"Value is too long (limit: {MetaValueMax} characters)" : null;
    }

    private static string MultiError(List<string> errors) =>
        (errors.Count == 1 ? "1 error occurred:\n" : $"{errors.Count} errors occurred:\n") + string.Concat(errors.Select(static e => $"\t* {e}\n")) + "\n";
}
