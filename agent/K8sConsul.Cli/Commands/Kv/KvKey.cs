namespace K8sConsul.Cli.Commands.Kv;

internal static class KvKey
{
    /// <summary>Why no such key can be written, found before the agent is asked; null where it can.</summary>
    public static string? Reason(string key)
    {
        return key.StartsWith('/') ? $"Invalid key. Key must not begin with a '/': {key}" : null;
    }
}
