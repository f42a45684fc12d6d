namespace K8sConsul.Filter;

/// <summary>What a client may ask of the filter language. Consul has no limits of its own here beyond the size of a URL.</summary>
public static class FilterLimits
{
    /// <summary>Longest expression, in UTF-16 units. A URL that Consul's HTTP server accepts is shorter than 1 MiB; real filters stay below 1 KiB.</summary>
    public const int ExpressionLengthMax = 64 * 1024;

    /// <summary>Deepest nesting of parentheses, each of which costs stack when parsed and when evaluated.</summary>
    public const int DepthMax = 200;
}
