namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What a flag's value does.</summary>
internal enum FlagAction
{
    /// <summary>Sets the setting at the flag's path.</summary>
    Set,

    /// <summary>Adds to the list at the flag's path.</summary>
    Append,

    /// <summary>Reads the string form of the block at the flag's path.</summary>
    ReadWait,

    /// <inheritdoc cref="ReadWait"/>
    ReadAuth,

    /// <summary>One more configuration file or folder.</summary>
    AddConfig,

    /// <summary>One more template.</summary>
    AddTemplate,

    Help,
    Version,
    Dry,
}

/// <param name="Name">Without dashes.</param>
/// <param name="Type">How its value is read.</param>
/// <param name="Action">What becomes of it.</param>
/// <param name="Path">The setting; empty where the action has none.</param>
/// <param name="Usage">For <c>-h</c>; empty for old names, which are not listed.</param>
internal sealed record FlagDefinition(string Name, SettingType Type, FlagAction Action, string Path, string Usage)
{
    /// <summary>Needs no value.</summary>
    public bool IsBoolean => Type == SettingType.Flag;
}

/// <summary>Every flag of the command.</summary>
internal static class FlagTable
{
    private static readonly Dictionary<string, FlagDefinition> _flags = Build().ToDictionary(static f => f.Name, StringComparer.Ordinal);

    public static FlagDefinition? Find(string name)
    {
        return _flags.GetValueOrDefault(name);
    }

    /// <summary>In the order in which they are explained; old names have no explanation.</summary>
    public static IEnumerable<FlagDefinition> All => _flags.Values;

    private static IEnumerable<FlagDefinition> Build()
    {
        yield return new("config", SettingType.Text, FlagAction.AddConfig, "", "A configuration file, or a folder of them. May be given many times; a later one overrules an earlier one.");
        yield return new("template", SettingType.Text, FlagAction.AddTemplate, "", "A template as source[:destination[:command]]. May be given many times.");
        yield return new("dry", SettingType.Flag, FlagAction.Dry, "", "Print what would be written instead of writing it. No commands are run.");
        foreach (string help in new[] { "h", "help" })
        {
            yield return new(help, SettingType.Flag, FlagAction.Help, "", help is "h" ? "Print this help." : "");
        }

        foreach (string version in new[] { "v", "version" })
        {
            yield return new(version, SettingType.Flag, FlagAction.Version, "", version is "v" ? "Print the version." : "");
        }

        yield return Set("once", SettingType.Flag, "once", "Render every template once, run the commands, and end. Nothing is waited for that wait would ask for.");
        yield return Set("parse-only", SettingType.Flag, "parse_only", "Parse all templates and end.");
        yield return new("wait", SettingType.Text, FlagAction.ReadWait, "wait", "How long changes must have ended before they are rendered, as min[:max]. Without max it is four times min.");
        yield return Set("max-stale", SettingType.Duration, "max_stale", "How old an answer may be that did not come from the leader. 0 asks the leader only. The default is 2s.");
        yield return Set("kill-signal", SettingType.Signal, "kill_signal", "The signal that ends this program. The default is SIGINT; SIGTERM ends it too.");
        yield return Set("reload-signal", SettingType.Signal, "reload_signal", "The signal that makes it read its configuration again. The default is SIGHUP.");
        yield return Set("dedup", SettingType.Flag, "deduplicate.enabled", "Let one of many instances with the same templates ask Consul for all of them.");
        yield return Set("default-left-delimiter", SettingType.Text, "default_delimiters.left", "What opens an action in templates that say nothing else.");
        yield return Set("default-right-delimiter", SettingType.Text, "default_delimiters.right", "What closes it.");
        yield return Set("template-error-fatal", SettingType.Flag, "template_error_fatal", "End when a template fails, unless the template says otherwise. On by default.");
        yield return Set("pid-file", SettingType.Text, "pid_file", "Where to write the number of this process.");
        yield return Set("http-addr", SettingType.Text, "http.address", "Where /health and /metrics are answered, as host:port. Nowhere by default.");
        yield return Set("log-level", SettingType.Text, "log_level", "TRACE, DEBUG, INFO, WARN or ERR. The default is WARN.");
        yield return Set("log-file", SettingType.Text, "log_file.path", "Where to write the log besides the error stream.");
        yield return Set("log-rotate-bytes", SettingType.Number, "log_file.log_rotate_bytes", "The size at which a new log file is begun.");
        yield return Set("log-rotate-duration", SettingType.Duration, "log_file.log_rotate_duration", "The age at which a new log file is begun. The default is 24h.");
        yield return Set("log-rotate-max-files", SettingType.Number, "log_file.log_rotate_max_files", "How many old log files are kept: 0 for all, -1 for none.");
        yield return Set("syslog", SettingType.Flag, "syslog.enabled", "Accepted, with a warning: the log does not go to syslog.");
        yield return Set("syslog-facility", SettingType.Text, "syslog.facility", "Accepted.");
        yield return Set("syslog-name", SettingType.Text, "syslog.name", "Accepted.");

        yield return Set("exec", SettingType.Command, "exec.command", "A program to start when all templates are rendered, and to keep an eye on.");
        yield return Set("exec-kill-signal", SettingType.Signal, "exec.kill_signal", "The signal that ends it. The default is SIGINT.");
        yield return Set("exec-kill-timeout", SettingType.Duration, "exec.kill_timeout", "How long it may take to end before it is killed. The default is 30s.");
        yield return Set("exec-reload-signal", SettingType.Signal, "exec.reload_signal", "The signal that tells it of a change. Without one it is started anew.");
        yield return Set("exec-splay", SettingType.Duration, "exec.splay", "It is ended after a random time up to this.");
        yield return Set("exec-env-pristine", SettingType.Flag, "exec.env.pristine", "Give it none of our environment.");
        yield return Append("exec-env-custom", "exec.env.custom", "A variable as NAME=value. May be given many times.");
        yield return Append("exec-env-allowlist", "exec.env.allowlist", "A pattern of the variables it is given. May be given many times.");
        yield return Append("exec-env-denylist", "exec.env.denylist", "A pattern of the variables it is not given. May be given many times.");
        yield return Append("exec-env-whitelist", "exec.env.allowlist", "");
        yield return Append("exec-env-blacklist", "exec.env.denylist", "");

        yield return Set("consul-addr", SettingType.Text, "consul.address", "The address of the agent's HTTP API.");
        yield return Set("consul", SettingType.Text, "consul.address", "");
        yield return Set("consul-namespace", SettingType.Text, "consul.namespace", "The namespace that is asked where a template names none.");
        yield return Set("consul-token-file", SettingType.Text, "consul.token_file", "A file with the ACL token.");
        yield return Set("consul-retry-attempts", SettingType.Number, "consul.retry.attempts", "How often a failed request is repeated: 12 times by default, 0 for ever.");
        yield return Set("consul-retry-backoff", SettingType.Duration, "consul.retry.backoff", "The pause before the first repeat, which doubles each time. The default is 250ms.");
        yield return Set("consul-retry-max-backoff", SettingType.Duration, "consul.retry.max_backoff", "The longest pause. The default is 1m.");
        foreach (string prefix in new[] { "consul-", "" })
        {
            // The names without the prefix are old.
            bool listed = prefix.Length > 0;
            yield return Set(prefix + "token", SettingType.Text, "consul.token", listed ? "The ACL token." : "");
            yield return new(prefix + "auth", SettingType.Text, FlagAction.ReadAuth, "consul.auth", listed ? "Basic authentication as user[:password]." : "");
            yield return Set(prefix + "retry", listed ? SettingType.Flag : SettingType.Duration, listed ? "consul.retry.enabled" : "consul.retry.backoff", listed ? "Repeat failed requests. On by default." : "");
            foreach (FlagDefinition ssl in Ssl(prefix, "consul.", listed))
            {
                yield return ssl;
            }
        }

        foreach (FlagDefinition transport in Transport("consul-", "consul."))
        {
            yield return transport;
        }

        foreach (FlagDefinition vault in Vault())
        {
            yield return vault;
        }
    }

    private static IEnumerable<FlagDefinition> Vault()
    {
        const string Usage = "Accepted so that existing commands start.";
        yield return Set("vault-addr", SettingType.Text, "vault.address", Usage);
        yield return Set("vault-token", SettingType.Text, "vault.token", Usage);
        yield return Set("vault-agent-token-file", SettingType.Text, "vault.vault_agent_token_file", Usage);
        yield return Set("vault-namespace", SettingType.Text, "vault.namespace", Usage);
        yield return Set("vault-unwrap-token", SettingType.Flag, "vault.unwrap_token", Usage);
        yield return Set("vault-renew-token", SettingType.Flag, "vault.renew_token", Usage);
        yield return Set("vault-client-user-agent", SettingType.Text, "vault.client_user_agent", Usage);
        yield return Set("vault-default-lease-duration", SettingType.Duration, "vault.default_lease_duration", Usage);
        yield return Set("vault-retry", SettingType.Flag, "vault.retry.enabled", Usage);
        yield return Set("vault-retry-attempts", SettingType.Number, "vault.retry.attempts", Usage);
        yield return Set("vault-retry-backoff", SettingType.Duration, "vault.retry.backoff", Usage);
        yield return Set("vault-retry-max-backoff", SettingType.Duration, "vault.retry.max_backoff", Usage);
        foreach (FlagDefinition flag in Ssl("vault-", "vault.", listed: true).Concat(Transport("vault-", "vault.")))
        {
            yield return flag with { Usage = Usage };
        }
    }

    private static IEnumerable<FlagDefinition> Ssl(string prefix, string path, bool listed)
    {
        yield return Set(prefix + "ssl", SettingType.Flag, path + "ssl.enabled", listed ? "Use TLS. On when another of these is given." : "");
        yield return Set(prefix + "ssl-verify", SettingType.Flag, path + "ssl.verify", listed ? "Look whether the certificate can be trusted. On by default." : "");
        yield return Set(prefix + "ssl-cert", SettingType.Text, path + "ssl.cert", listed ? "PEM file of the certificate to show." : "");
        yield return Set(prefix + "ssl-key", SettingType.Text, path + "ssl.key", listed ? "PEM file of its private key." : "");
        yield return Set(prefix + "ssl-ca-cert", SettingType.Text, path + "ssl.ca_cert", listed ? "PEM file of the authorities to trust." : "");
        yield return Set(prefix + "ssl-ca-path", SettingType.Text, path + "ssl.ca_path", listed ? "Folder of such files." : "");
        yield return Set(prefix + "ssl-server-name", SettingType.Text, path + "ssl.server_name", listed ? "The name to look for in the certificate." : "");
    }

    private static IEnumerable<FlagDefinition> Transport(string prefix, string path)
    {
        yield return Set(prefix + "transport-dial-keep-alive", SettingType.Duration, path + "transport.dial_keep_alive", "The pause between probes of an idle connection. The default is 30s.");
        yield return Set(prefix + "transport-dial-timeout", SettingType.Duration, path + "transport.dial_timeout", "How long a new connection may take. The default is 30s.");
        yield return Set(prefix + "transport-disable-keep-alives", SettingType.Flag, path + "transport.disable_keep_alives", "A connection per request.");
        yield return Set(prefix + "transport-max-idle-conns-per-host", SettingType.Number, path + "transport.max_idle_conns_per_host", "Idle connections that are kept. The default is 100.");
        yield return Set(prefix + "transport-tls-handshake-timeout", SettingType.Duration, path + "transport.tls_handshake_timeout", "How long the handshake may take. The default is 10s.");
    }

    private static FlagDefinition Set(string name, SettingType type, string path, string usage)
    {
        return new FlagDefinition(name, type, FlagAction.Set, path, usage);
    }

    private static FlagDefinition Append(string name, string path, string usage)
    {
        return new FlagDefinition(name, SettingType.Text, FlagAction.Append, path, usage);
    }
}
