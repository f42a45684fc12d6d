namespace K8sConsul.TemplateRunner.Dependencies;

/// <summary>The <c>?query</c> of an argument: whose services, keys or nodes are meant. Empty texts for the default.</summary>
public readonly record struct ConsulScope(string Namespace, string Partition, string Peer, string SamenessGroup)
{
    public const string NamespaceKey = "ns";
    public const string PartitionKey = "partition";
    public const string PeerKey = "peer";
    public const string SamenessGroupKey = "sameness-group";

    public static ConsulScope Default { get; } = new(string.Empty, string.Empty, string.Empty, string.Empty);

    /// <summary>Reads <c>ns=a&amp;partition=b</c>. The pattern of arguments leaves no escapes in it.</summary>
    /// <param name="function">Error texts begin with it.</param>
    /// <param name="query">Without the question mark.</param>
    /// <param name="error">Empty when read.</param>
    internal static ConsulScope Parse(string function, string query, out string error)
    {
        ConsulScope scope = Default;
        error = string.Empty;
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? pair : pair[..equals];
            string value = equals < 0 ? string.Empty : pair[(equals + 1)..];
            switch (key)
            {
                case NamespaceKey:
                    scope = scope with { Namespace = value };
                    break;
                case PartitionKey:
                    scope = scope with { Partition = value };
                    break;
                case PeerKey:
                    scope = scope with { Peer = value };
                    break;
                case SamenessGroupKey:
                    scope = scope with { SamenessGroup = value };
                    break;
                default:
                    error = $"{function}: unknown query parameter \"{key}\" in \"{query}\"";
                    return Default;
            }
        }

        if (scope.Peer.Length > 0 && scope.SamenessGroup.Length > 0)
        {
            error = $"{function}: \"{PeerKey}\" and \"{SamenessGroupKey}\" exclude each other in \"{query}\"";
            return Default;
        }

        return scope;
    }

    /// <summary>As it stands in a printed dependency: with its question mark, in one order; empty for the default.</summary>
    public override string ToString()
    {
        string text = string.Empty;
        Append(ref text, NamespaceKey, Namespace);
        Append(ref text, PartitionKey, Partition);
        Append(ref text, PeerKey, Peer);
        Append(ref text, SamenessGroupKey, SamenessGroup);
        return text;
    }

    private static void Append(ref string text, string key, string value)
    {
        if (value.Length > 0)
        {
            text += $"{(text.Length == 0 ? '?' : '&')}{key}={value}";
        }
    }
}
