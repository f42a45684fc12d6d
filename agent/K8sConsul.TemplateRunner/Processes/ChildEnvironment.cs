using System.Collections;
using K8sConsul.Go;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>What a program sees as its environment.</summary>
internal static class ChildEnvironment
{
    /// <summary>Nothing of ours when pristine; else ours by allowlist and denylist. Then the way to Consul, then what the configuration adds.</summary>
    /// <param name="rules">Of the program.</param>
    /// <param name="own">Ours.</param>
    /// <param name="added">How Consul is reached: see <see cref="OfConsul"/>.</param>
    /// <returns><c>NAME=value</c>; of one name only the last.</returns>
    public static IReadOnlyList<string> Build(
        EnvConfig rules, IEnumerable<KeyValuePair<string, string>> own, IEnumerable<KeyValuePair<string, string>> added)
    {
        var names = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!rules.Pristine)
        {
            foreach ((string name, string value) in own)
            {
                bool isAllowed = rules.Allowlist.Count == 0 || GoGlob.IsAnyMatch(rules.Allowlist, name);
                if (isAllowed && !GoGlob.IsAnyMatch(rules.Denylist, name))
                {
                    Set(name, value);
                }
            }
        }

        foreach ((string name, string value) in added)
        {
            Set(name, value);
        }

        foreach (string pair in rules.Custom)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            Set(equals < 0 ? pair : pair[..equals], equals < 0 ? string.Empty : pair[(equals + 1)..]);
        }

        return [.. names.Select(name => $"{name}={values[name]}")];

        void Set(string name, string value)
        {
            if (!values.ContainsKey(name))
            {
                names.Add(name);
            }

            values[name] = value;
        }
    }

    /// <summary>Our own environment, sorted.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Own()
    {
        return
        [
            .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Select(static entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? string.Empty))
                .OrderBy(static entry => entry.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>So that a program can ask the same agent in the same way.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfConsul(ConsulConfig consul)
    {
        var variables = new List<KeyValuePair<string, string>>();
        Add("CONSUL_HTTP_ADDR", consul.Address);
        Add("CONSUL_HTTP_AUTH", consul.Auth.Value);
        Add("CONSUL_HTTP_TOKEN", consul.Token.Value);
        Add("CONSUL_HTTP_TOKEN_FILE", consul.TokenFile);
        Add("CONSUL_HTTP_SSL", consul.Ssl.Enabled ? "true" : "false");
        Add("CONSUL_HTTP_SSL_VERIFY", consul.Ssl.Verify ? "true" : "false");
        return variables;

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                variables.Add(KeyValuePair.Create(name, value));
            }
        }
    }
}
