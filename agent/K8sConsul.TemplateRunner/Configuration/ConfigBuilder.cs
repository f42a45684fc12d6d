using System.Globalization;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>From what was said to what holds: environment, defaults, rules.</summary>
internal sealed class ConfigBuilder(SettingMap settings, Func<string, string?> environment)
{
    private const string Rename = "rename";
    private const string InPlace = "inplace";

    private static readonly TimeSpan _commandTimeout = TimeSpan.FromSeconds(30);

    /// <param name="dry">From the command line only.</param>
    /// <param name="error">The first broken rule; empty for none.</param>
    public RunnerConfig? TryBuild(bool dry, out string error)
    {
        RunnerConfig defaults = new();
        WaitConfig wait = Wait(settings, out error);
        if (error.Length > 0)
        {
            return null;
        }

        bool errorFatal = settings.Flag("template_error_fatal", otherwise: true);
        List<TemplateConfig> templates = [];
        foreach (SettingMap template in settings.Templates)
        {
            if (TryTemplate(template, errorFatal, dry, out error) is not { } built)
            {
                return null;
            }

            templates.Add(built);
        }

        bool once = settings.Flag("once");
        LogConfig? log = Log(out error);
        return log is null ? null : new RunnerConfig
        {
            Consul = Consul(),
            Templates = templates,
            Exec = Exec(settings, "exec.", settings.Texts("exec.command"), TimeSpan.Zero),
            Deduplicate = Deduplicate(once),
            Log = log,
            Wait = once ? WaitConfig.Off : wait,
            MaxStale = settings.Duration("max_stale", defaults.MaxStale),
            BlockQueryWait = settings.Duration("block_query_wait", defaults.BlockQueryWait),
            FailOnAbsentKey = settings.Flag("err_on_failed_lookup"),
            KillSignal = settings.Signal("kill_signal", defaults.KillSignal),
            ReloadSignal = settings.Signal("reload_signal", defaults.ReloadSignal),
            PidFile = settings.Text("pid_file"),
            HttpAddress = settings.Text("http.address"),
            Once = once,
            Dry = dry,
            ParseOnly = settings.Flag("parse_only"),
            HasVault = settings.Text("vault.address").Length > 0 && settings.Flag("vault.enabled", otherwise: true),
        };
    }

    private ConsulConfig Consul()
    {
        var retry = new RetryConfig();
        var transport = new TransportConfig();
        string user = settings.Text("consul.auth.username");
        string password = settings.Text("consul.auth.password");
        bool hasAuth = settings.Flag("consul.auth.enabled", otherwise: user.Length > 0 || password.Length > 0);
        return new ConsulConfig
        {
            Address = Or(settings.Text("consul.address"), "CONSUL_HTTP_ADDR"),
            Namespace = Or(settings.Text("consul.namespace"), "CONSUL_NAMESPACE"),
            Token = new Secret(Or(settings.Text("consul.token"), "CONSUL_TOKEN", "CONSUL_HTTP_TOKEN")),
            TokenFile = Or(settings.Text("consul.token_file"), "CONSUL_TOKEN_FILE", "CONSUL_HTTP_TOKEN_FILE"),
            Auth = hasAuth ? new Secret(password.Length > 0 ? $"{user}:{password}" : user) : Secret.None,
            Retry = new RetryConfig
            {
                Enabled = settings.Flag("consul.retry.enabled", retry.Enabled),
                Attempts = settings.Number("consul.retry.attempts", retry.Attempts),
                Backoff = settings.Duration("consul.retry.backoff", retry.Backoff),
                MaxBackoff = settings.Duration("consul.retry.max_backoff", retry.MaxBackoff),
            },
            Ssl = new SslConfig
            {
                Enabled = settings.Flag("consul.ssl.enabled", otherwise: settings.HasAnyBelow("consul.ssl.")),
                Verify = settings.Flag("consul.ssl.verify", otherwise: true),
                Cert = settings.Text("consul.ssl.cert"),
                Key = settings.Text("consul.ssl.key"),
                CaCert = settings.Text("consul.ssl.ca_cert"),
                CaCertBytes = settings.Text("consul.ssl.ca_cert_bytes"),
                CaPath = settings.Text("consul.ssl.ca_path"),
                ServerName = settings.Text("consul.ssl.server_name"),
            },
            Transport = new TransportConfig
            {
                DialKeepAlive = settings.Duration("consul.transport.dial_keep_alive", transport.DialKeepAlive),
                DialTimeout = settings.Duration("consul.transport.dial_timeout", transport.DialTimeout),
                DisableKeepAlives = settings.Flag("consul.transport.disable_keep_alives"),
                IdleConnTimeout = settings.Duration("consul.transport.idle_conn_timeout", transport.IdleConnTimeout),
                MaxIdleConns = settings.Number("consul.transport.max_idle_conns"),
                MaxIdleConnsPerHost = settings.Number("consul.transport.max_idle_conns_per_host", transport.MaxIdleConnsPerHost),
                MaxConnsPerHost = settings.Number("consul.transport.max_conns_per_host"),
                TlsHandshakeTimeout = settings.Duration("consul.transport.tls_handshake_timeout", transport.TlsHandshakeTimeout),
            },
        };
    }

    private TemplateConfig? TryTemplate(SettingMap template, bool errorFatal, bool dry, out string error)
    {
        string source = template.Text("source");
        string contents = template.Text("contents");
        string destination = template.Text("destination");
        error = source.Length > 0 && contents.Length > 0 ? "template: cannot specify both 'source' and 'contents'"
            : source.Length == 0 && contents.Length == 0 ? "template: must specify exactly one of 'source' or 'contents'"
            : destination.Length == 0 && !dry && !settings.Flag("parse_only") ? "missing destination"
            : template.Text("write_mode") is not ("" or Rename or InPlace) ? $"template: write_mode must be \"{Rename}\" or \"{InPlace}\""
            : template.Number("min_instances") < 0 ? "template: min_instances cannot be negative"
            : string.Empty;
        WaitConfig? wait = null;
        if (error.Length == 0 && template.HasAnyBelow("wait."))
        {
            wait = Wait(template, out error);
        }

        if (error.Length > 0)
        {
            return null;
        }

        IReadOnlyList<string> command = template.Texts("exec.command");
        if (command.Count == 0)
        {
            command = template.Texts("command");
        }

        var defaults = new TemplateConfig();
        ExecConfig exec = Exec(template, "exec.", command, template.Duration("command_timeout", _commandTimeout));
        IReadOnlyList<string> check = template.Texts("check_command");
        return new TemplateConfig
        {
            Source = source,
            Contents = contents,
            Destination = destination,
            CreateDestDirs = template.Flag("create_dest_dirs", defaults.CreateDestDirs),
            Exec = exec,
            Check = exec with { Enabled = check.Any(static word => word.Length > 0), Command = check },
            WriteInPlace = template.Text("write_mode") is InPlace,
            MinInstances = template.Number("min_instances"),
            KeepLastOnEmpty = template.Flag("keep_last_on_empty"),
            Perms = template.Mode("perms"),
            User = OwnerOf(template, "user", "uid"),
            Group = OwnerOf(template, "group", "gid"),
            Backup = template.Flag("backup"),
            Wait = settings.Flag("once") ? WaitConfig.Off : wait,
            LeftDelimiter = Delimiter(template, "left", defaults.LeftDelimiter),
            RightDelimiter = Delimiter(template, "right", defaults.RightDelimiter),
            ErrorOnMissingKey = template.Flag("error_on_missing_key"),
            ErrorFatal = template.Flag("error_fatal", errorFatal),
            FunctionDenylist = template.Texts("function_denylist"),
            SandboxPath = template.Text("sandbox_path"),
        };
    }

    private string Delimiter(SettingMap template, string side, string otherwise)
    {
        string own = template.Text(side + "_delimiter");
        string common = settings.Text("default_delimiters." + side);
        return own.Length > 0 ? own : common.Length > 0 ? common : otherwise;
    }

    /// <summary>A number goes before a name.</summary>
    private static string OwnerOf(SettingMap template, string name, string number)
    {
        return template.Has(number) && template.Number(number) >= 0
            ? template.Number(number).ToString(CultureInfo.InvariantCulture)
            : template.Text(name);
    }

    private static WaitConfig Wait(SettingMap map, out string error)
    {
        error = SettingTexts.CheckWait(map.RawDuration("wait.min"), map.RawDuration("wait.max", map.RawDuration("wait.min") * 4));
        TimeSpan min = map.Duration("wait.min");
        TimeSpan max = map.Duration("wait.max", min * 4);
        return new WaitConfig(map.Flag("wait.enabled", otherwise: min > TimeSpan.Zero), min, max);
    }

    private static ExecConfig Exec(SettingMap map, string path, IReadOnlyList<string> command, TimeSpan timeout)
    {
        var defaults = new ExecConfig();
        bool hasCommand = command.Any(static word => word.Length > 0);
        return new ExecConfig
        {
            Enabled = hasCommand && map.Flag(path + "enabled", otherwise: true),
            Command = command,
            Env = new EnvConfig
            {
                Pristine = map.Flag(path + "env.pristine"),
                Custom = map.Texts(path + "env.custom"),
                Allowlist = map.Texts(path + "env.allowlist"),
                Denylist = map.Texts(path + "env.denylist"),
            },
            KillSignal = map.Signal(path + "kill_signal", defaults.KillSignal),
            KillTimeout = map.Duration(path + "kill_timeout", defaults.KillTimeout),
            ReloadSignal = map.Signal(path + "reload_signal", defaults.ReloadSignal),
            Splay = map.Duration(path + "splay"),
            Timeout = map.Duration(path + "timeout", timeout),
        };
    }

    private DeduplicateConfig Deduplicate(bool once)
    {
        var defaults = new DeduplicateConfig();
        return new DeduplicateConfig
        {
            Enabled = !once && settings.Flag("deduplicate.enabled", otherwise: settings.HasAnyBelow("deduplicate.")),
            Prefix = settings.Text("deduplicate.prefix", defaults.Prefix),
            Ttl = settings.Duration("deduplicate.ttl", defaults.Ttl),
            MaxStale = settings.Duration("deduplicate.max_stale", defaults.MaxStale),
            BlockQueryWait = settings.Duration("deduplicate.block_query_wait", defaults.BlockQueryWait),
        };
    }

    private LogConfig? Log(out string error)
    {
        var defaults = new LogConfig();
        string level = Or(settings.Text("log_level"), "CT_LOG", "CONSUL_TEMPLATE_LOG", "CONSUL_TEMPLATE_LOG_LEVEL");
        level = level.Length == 0 ? defaults.Level : level.ToUpperInvariant();
        error = level is "TRACE" or "DEBUG" or "INFO" or "WARN" or "ERR" or "ERROR"
            ? string.Empty
            : $"invalid log level \"{level}\", valid log levels are TRACE, DEBUG, INFO, WARN, ERR";
        return error.Length > 0 ? null : new LogConfig
        {
            Level = level is "ERROR" ? "ERR" : level,
            FilePath = settings.Text("log_file.path"),
            RotateBytes = settings.Number("log_file.log_rotate_bytes"),
            RotateDuration = settings.Duration("log_file.log_rotate_duration", defaults.RotateDuration),
            RotateMaxFiles = settings.Number("log_file.log_rotate_max_files"),
            Syslog = settings.Flag("syslog.enabled"),
            SyslogFacility = settings.Text("syslog.facility", defaults.SyslogFacility),
            SyslogName = settings.Text("syslog.name", defaults.SyslogName),
        };
    }

    private string Or(string given, params ReadOnlySpan<string> variables)
    {
        foreach (string variable in variables)
        {
            if (given.Length > 0)
            {
                break;
            }

            given = environment(variable) ?? string.Empty;
        }

        return given;
    }
}
