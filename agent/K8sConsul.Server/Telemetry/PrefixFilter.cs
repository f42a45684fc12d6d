namespace K8sConsul.Server.Telemetry;

/// <summary><c>telemetry.prefix_filter</c>: of the prefixes that a name begins with, the longest decides. Letters count, not dots.</summary>
public sealed class PrefixFilter
{
    private readonly (string Prefix, bool IsAllowed)[] _rules;
    private readonly bool _default;

    /// <param name="isAllowedByDefault">What happens to names that no rule speaks of.</param>
    public PrefixFilter(IEnumerable<string> allowed, IEnumerable<string> blocked, bool isAllowedByDefault)
    {
        _default = isAllowedByDefault;

        // A prefix that is both allowed and blocked is blocked, as in Consul, which enters the blocked ones last.
        var rules = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (string prefix in allowed)
        {
            rules[prefix] = true;
        }

        foreach (string prefix in blocked)
        {
            rules[prefix] = false;
        }

        _rules = [.. rules.Select(rule => (rule.Key, rule.Value)).OrderByDescending(rule => rule.Key.Length).ThenBy(rule => rule.Key, StringComparer.Ordinal)];
    }

    public static PrefixFilter AllowAll { get; } = new([], [], isAllowedByDefault: true);

    public bool Allows(string name)
    {
        foreach ((string prefix, bool isAllowed) in _rules)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return isAllowed;
            }
        }

        return _default;
    }
}
