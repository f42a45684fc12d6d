namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>A key of the configuration: a value, a block, or another name of one.</summary>
internal abstract record SettingNode;

internal sealed record SettingLeaf(SettingType Type) : SettingNode;

/// <summary>The key is an old or second name of a path from the root of its schema.</summary>
internal sealed record SettingAlias(string Path, SettingNode Node) : SettingNode;

/// <param name="Members">By key.</param>
/// <param name="ReadText">Reads the block's form as one string into the map; null where there is none. It returns what is wrong, or an empty text.</param>
internal sealed record SettingBlock(
    IReadOnlyDictionary<string, SettingNode> Members, Func<SettingMap, string, string, string>? ReadText = null) : SettingNode;

/// <summary>Every key of a configuration file.</summary>
internal static class SettingSchema
{
    private static readonly SettingLeaf _text = new(SettingType.Text);
    private static readonly SettingLeaf _flag = new(SettingType.Flag);
    private static readonly SettingLeaf _number = new(SettingType.Number);
    private static readonly SettingLeaf _real = new(SettingType.Real);
    private static readonly SettingLeaf _duration = new(SettingType.Duration);
    private static readonly SettingLeaf _signal = new(SettingType.Signal);
    private static readonly SettingLeaf _texts = new(SettingType.Texts);

    private static readonly SettingBlock _retry = Block(
        ("enabled", _flag), ("attempts", _number), ("backoff", _duration), ("max_backoff", _duration));

    private static readonly SettingBlock _ssl = Block(
        ("enabled", _flag), ("verify", _flag), ("cert", _text), ("key", _text), ("ca_cert", _text), ("ca_cert_bytes", _text),
        ("ca_path", _text), ("server_name", _text));

    private static readonly SettingBlock _transport = Block(
        ("dial_keep_alive", _duration), ("dial_timeout", _duration), ("disable_keep_alives", _flag), ("idle_conn_timeout", _duration),
        ("max_idle_conns", _number), ("max_idle_conns_per_host", _number), ("max_conns_per_host", _number),
        ("tls_handshake_timeout", _duration), ("custom_headers", new SettingLeaf(SettingType.Texts)));

    private static readonly SettingBlock _auth = Block(("enabled", _flag), ("username", _text), ("password", _text))
        with { ReadText = SettingTexts.ReadAuth };

    private static readonly SettingBlock _wait = Block(("enabled", _flag), ("min", _duration), ("max", _duration))
        with { ReadText = SettingTexts.ReadWait };

    private static readonly SettingBlock _environment = Block(
        ("pristine", _flag), ("custom", _texts), ("allowlist", _texts), ("denylist", _texts),
        ("whitelist", new SettingAlias("allowlist", _texts)), ("blacklist", new SettingAlias("denylist", _texts)));

    private static readonly SettingBlock _exec = Block(
        ("command", new SettingLeaf(SettingType.Command)), ("enabled", _flag), ("env", _environment), ("kill_signal", _signal),
        ("kill_timeout", _duration), ("reload_signal", _signal), ("splay", _duration), ("timeout", _duration));

    private static readonly SettingBlock _consul = Block(
        ("address", _text), ("namespace", _text), ("token", _text), ("token_file", _text), ("auth", _auth), ("retry", _retry),
        ("ssl", _ssl), ("transport", _transport)) with { ReadText = SettingTexts.ReadConsul };

    /// <summary>One block of <see cref="Root"/>'s list <c>template</c>.</summary>
    public static SettingBlock Template { get; } = Block(
        ("source", _text), ("contents", _text), ("destination", _text), ("create_dest_dirs", _flag),
        ("command", new SettingLeaf(SettingType.Command)), ("command_timeout", _duration), ("exec", _exec),
        ("perms", new SettingLeaf(SettingType.Mode)), ("user", _text), ("group", _text),
        ("uid", _number), ("gid", _number), ("backup", _flag), ("wait", _wait), ("left_delimiter", _text), ("right_delimiter", _text),
        ("error_on_missing_key", _flag), ("error_fatal", _flag), ("function_denylist", _texts),
        ("function_blacklist", new SettingAlias("function_denylist", _texts)), ("sandbox_path", _text),

        // Ours.
        ("check_command", new SettingLeaf(SettingType.Command)), ("min_instances", _number), ("keep_last_on_empty", _flag), ("write_mode", _text));

    public static SettingBlock Root { get; } = Block(
        ("max_stale", _duration), ("block_query_wait", _duration), ("err_on_failed_lookup", _flag), ("log_level", _text),
        ("log_file", Block(
            ("path", _text), ("log_rotate_bytes", _number), ("log_rotate_duration", _duration), ("log_rotate_max_files", _number))),
        ("syslog", Block(("enabled", _flag), ("facility", _text), ("name", _text))),
        ("pid_file", _text), ("kill_signal", _signal), ("reload_signal", _signal), ("wait", _wait),
        ("default_delimiters", Block(("left", _text), ("right", _text))), ("template_error_fatal", _flag), ("once", _flag),
        ("parse_only", _flag), ("consul", _consul), ("vault", Vault()), ("nomad", Nomad()),
        ("deduplicate", Block(
            ("enabled", _flag), ("prefix", _text), ("ttl", _duration), ("max_stale", _duration), ("block_query_wait", _duration))),
        ("exec", _exec),

        // Ours.
        ("http", Block(("address", _text))),

        // Once at the top, and still seen there.
        ("auth", new SettingAlias("consul.auth", _auth)), ("ssl", new SettingAlias("consul.ssl", _ssl)),
        ("token", new SettingAlias("consul.token", _text)), ("retry", new SettingAlias("consul.retry.backoff", _duration)));

    /// <summary>Lists that grow from source to source.</summary>
    public static bool IsAppended(string path)
    {
        return path.StartsWith("exec.env.", StringComparison.Ordinal);
    }

    private static SettingBlock Vault()
    {
        return Block(
            ("address", _text), ("enabled", _flag), ("namespace", _text), ("renew_token", _flag), ("retry", _retry), ("ssl", _ssl),
            ("token", _text), ("vault_agent_token_file", _text), ("transport", _transport), ("unwrap_token", _flag),
            ("client_user_agent", _text), ("default_lease_duration", _duration), ("lease_renewal_threshold", _real),
            ("k8s_auth_role_name", _text), ("k8s_service_account_token_path", _text), ("k8s_service_account_token", _text),
            ("k8s_service_mount_path", _text));
    }

    private static SettingBlock Nomad()
    {
        return Block(
            ("address", _text), ("enabled", _flag), ("namespace", _text), ("token", _text), ("auth_username", _text),
            ("auth_password", _text), ("retry", _retry), ("ssl", _ssl), ("transport", _transport));
    }

    private static SettingBlock Block(params (string Key, SettingNode Node)[] members)
    {
        return new SettingBlock(members.ToDictionary(static m => m.Key, static m => m.Node, StringComparer.Ordinal));
    }
}
