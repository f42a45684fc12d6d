namespace K8sConsul.Filter;

/// <summary>What a client may ask of the filter language. Consul has no limits of its own here beyond the size of a URL.</summary>
public static class FilterLimits
{
    /// <summary>Longest expression, in UTF-16 units. A URL that Consul's HTTP server accepts is shorter than 1 MiB; real filters stay below 1 KiB.</summary>
    public const int ExpressionLengthMax = 64 * 1024;

    /// <summary>Deepest nesting of parentheses, each of which costs stack when parsed and when evaluated.</summary>
    public const int DepthMax = 200;

    /// <summary>Longest regular expression, in UTF-16 units.</summary>
    public const int RegexLengthMax = 4 * 1024;

    /// <summary>Most states that a regular expression may expand to; counted repeats multiply (<c>(a{100}){10}</c> is 1,000).</summary>
    public const int RegexSizeMax = 20_000;
}
