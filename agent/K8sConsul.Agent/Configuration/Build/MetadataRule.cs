namespace K8sConsul.Agent.Configuration;

/// <summary>What the metadata of nodes and services may hold.</summary>
internal static class MetadataRule
{
    private const int PairsMax = 64;
    private const int KeyLengthMax = 128;
    private const int ValueLengthMax = 512;
    private const string ReservedPrefix = "consul-";

    /// <summary>Consul's own key, which mesh gateways carry.</summary>
    private const string WanFederation = "consul-wan-federation";

    /// <summary>Null when the pairs may stand.</summary>
    public static string? MistakeIn(IReadOnlyDictionary<string, string> pairs, bool isMeshGateway)
    {
        if (pairs.Count > PairsMax)
        {
            return $"Node metadata cannot contain more than {PairsMax} key/value pairs";
        }

        foreach ((string key, string value) in pairs)
        {
            if (MistakeIn(key, value, isMeshGateway) is { } mistake)
            {
                return $"Couldn't load metadata pair ('{key}', '{value}'): {mistake}";
            }
        }

        return null;
    }

    private static string? MistakeIn(string key, string value, bool isMeshGateway)
    {
        return key.Length == 0 ? "Key cannot be blank"
            : !key.All(IsKeyCharacter) ? "Key contains invalid characters"
            : key.Length > KeyLengthMax ? $"Key is too long (limit: {KeyLengthMax} characters)"
            : key.StartsWith(ReservedPrefix, StringComparison.Ordinal)
                && !(isMeshGateway && string.Equals(key, WanFederation, StringComparison.Ordinal))
                ? $"Key prefix '{ReservedPrefix}' is reserved for internal use"
            : value.Length > ValueLengthMax ? $"Value is too long (limit: {ValueLengthMax} characters)"
            : null;
    }

    private static bool IsKeyCharacter(char c)
    {
        return char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
    }
}
