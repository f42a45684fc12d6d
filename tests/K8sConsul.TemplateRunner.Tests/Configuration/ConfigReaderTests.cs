using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Tests.Configuration;

public sealed class ConfigReaderTests
{
    private const string OneTemplate = "template { source = \"a\" destination = \"b\" }\n";

    /// <summary>Every key of a file, one by one, and where it is found afterwards.</summary>
    public static TheoryData<string, string> Keys => new()
    {
        { "max_stale = \"5s\"", "MaxStale=00:00:05" },
        { "block_query_wait = \"30s\"", "BlockQueryWait=00:00:30" },
        { "err_on_failed_lookup = true", "FailOnAbsentKey=True" },
        { "log_level = \"debug\"", "Log.Level=DEBUG" },
        { "log_level = \"error\"", "Log.Level=ERR" },
        { "log_file { path = \"/l\" log_rotate_bytes = 10 log_rotate_duration = \"1h\" log_rotate_max_files = -1 }", "Log=/l 10 01:00:00 -1" },
        { "syslog { enabled = true facility = \"LOCAL5\" name = \"x\" }", "Syslog=True LOCAL5 x" },
        { "pid_file = \"/p\"", "PidFile=/p" },
        { "kill_signal = \"sigterm\"", "KillSignal=15" },
        { "reload_signal = \"SIGUSR1\"", "ReloadSignal=10" },
        { "wait { min = \"5s\" max = \"10s\" }", "Wait=True 00:00:05 00:00:10" },
        { "wait { min = \"5s\" }", "Wait=True 00:00:05 00:00:20" },
        { "wait = \"5s\"", "Wait=True 00:00:05 00:00:20" },
        { "wait = \"5s:10s\"", "Wait=True 00:00:05 00:00:10" },
        { "wait { enabled = false min = \"5s\" }", "Wait=False 00:00:05 00:00:20" },
        { "default_delimiters { left = \"<<\" right = \">>\" }", "T.Delimiters=<< >>" },
        { "template_error_fatal = false", "T.ErrorFatal=False" },
        { "once = true", "Once=True" },
        { "parse_only = true", "ParseOnly=True" },
        { "consul { address = \"h:1\" namespace = \"n\" token = \"t\" token_file = \"/tf\" }", "Consul=h:1 n t /tf" },
        { "consul = \"h:1\"", "Consul=h:1   " },
        { "token = \"t\"", "Consul=  t " },
        { "consul { auth { username = \"u\" password = \"p\" } }", "Auth=u:p" },
        { "consul { auth { enabled = false username = \"u\" } }", "Auth=" },
        { "auth = \"u:p:q\"", "Auth=u:p:q" },
        { "consul { retry { enabled = false attempts = 3 backoff = \"1s\" max_backoff = \"2s\" } }", "Retry=False 3 00:00:01 00:00:02" },
        { "retry = \"10s\"", "Retry=True 12 00:00:10 00:01:00" },
        { "consul { ssl { verify = false cert = \"c\" key = \"k\" ca_cert = \"a\" ca_cert_bytes = \"b\" ca_path = \"p\" server_name = \"s\" } }", "Ssl=True False c k a b p s" },
        { "ssl { enabled = true }", "Ssl=True True      " },
        { "consul { ssl { enabled = false ca_cert = \"a\" } }", "Ssl=False True   a   " },
        { "consul { transport { dial_keep_alive = \"1s\" dial_timeout = \"2s\" disable_keep_alives = true idle_conn_timeout = \"3s\" max_idle_conns = 4 max_idle_conns_per_host = 5 max_conns_per_host = 6 tls_handshake_timeout = \"7s\" } }", "Transport=1 2 True 3 4 5 6 7" },
        { "deduplicate { prefix = \"p/\" }", "Dedup=True p/ 15 2 60" },
        { "deduplicate { enabled = false ttl = \"1s\" max_stale = \"2s\" block_query_wait = \"3s\" }", "Dedup=False consul-template/dedup/ 1 2 3" },
        { "deduplicate { enabled = true }", "Dedup=True consul-template/dedup/ 15 2 60" },
        { "exec { command = \"run it\" kill_signal = \"SIGTERM\" kill_timeout = \"1s\" reload_signal = \"SIGHUP\" splay = \"2s\" timeout = \"3s\" }", "Exec=True run it|15 1 1 2 3" },
        { "exec { command = [\"a\", \"b c\"] }", "Exec=True a,b c|2 30 0 0 0" },
        { "exec { enabled = false command = \"a\" }", "Exec=False a|2 30 0 0 0" },
        { "exec { env { pristine = true custom = [\"A=b\"] allowlist = [\"C*\"] denylist = [\"D\"] } }", "Env=True A=b C* D" },
        { "exec { env { whitelist = [\"C*\"] blacklist = [\"D\"] } }", "Env=False  C* D" },
        { "vault { address = \"x\" enabled = true namespace = \"\" renew_token = true retry { attempts = 1 } ssl { verify = true } token = \"t\" vault_agent_token_file = \"f\" transport { dial_timeout = \"1s\" } unwrap_token = false client_user_agent = \"u\" default_lease_duration = \"1m\" lease_renewal_threshold = 0.5 k8s_auth_role_name = \"r\" k8s_service_account_token_path = \"p\" k8s_service_account_token = \"s\" k8s_service_mount_path = \"m\" }", "HasVault=True" },
        { "nomad { address = \"x\" enabled = false namespace = \"n\" token = \"t\" auth_username = \"u\" auth_password = \"p\" retry { backoff = \"1s\" } ssl { enabled = false } transport { max_idle_conns = 1 } }", "HasVault=False" },
        { "template { source = \"a\" destination = \"b\" create_dest_dirs = false backup = true perms = 0600 user = \"u\" group = \"g\" }", "Last=a b False True 600 u g" },
        { "template { source = \"a\" destination = \"b\" uid = 1 gid = 0 perms = \"0755\" user = \"u\" }", "Last=a b True False 755 1 0" },
        { "template { contents = \"x\" destination = \"b\" command = \"c d\" command_timeout = \"9s\" }", "LastExec=True c d|9" },
        { "template { contents = \"x\" destination = \"b\" exec { command = [\"c\", \"d\"] timeout = \"9s\" } }", "LastExec=True c,d|9" },
        { "template { contents = \"x\" destination = \"b\" command = [\"c\"] exec { enabled = false } }", "LastExec=False c|30" },
        { "template { contents = \"x\" destination = \"b\" wait = \"1s\" }", "LastWait=True 00:00:01 00:00:04" },
        { "template { contents = \"x\" destination = \"b\" wait { min = \"1s\" max = \"2s\" } }", "LastWait=True 00:00:01 00:00:02" },
        { "template { contents = \"x\" destination = \"b\" left_delimiter = \"((\" right_delimiter = \"))\" error_on_missing_key = true error_fatal = false function_denylist = [\"e*\"] sandbox_path = \"/s\" }", "LastRules=(( )) True False e* /s" },
        { "template { contents = \"x\" destination = \"b\" function_blacklist = \"env\" }", "LastRules={{ }} False True env " },
    };

    [Fact]
    public void Our_own_settings_are_read()
    {
        ConfigResult result = Read("http { address = \":9102\" } template { contents = \"x\" destination = \"y\" check_command = \"nginx -t\" command_timeout = \"5s\" min_instances = 2 keep_last_on_empty = true write_mode = \"inplace\" }");
        TemplateConfig template = Assert.Single(result.Config!.Templates);
        Assert.Equal(":9102", result.Config.HttpAddress);
        Assert.Equal(["nginx -t"], template.Check.Command);
        Assert.Equal((true, TimeSpan.FromSeconds(5)), (template.Check.Enabled, template.Check.Timeout));
        Assert.Equal((2, true, true), (template.MinInstances, template.KeepLastOnEmpty, template.WriteInPlace));
        Assert.Equal("template: write_mode must be \"rename\" or \"inplace\"", Read("template { contents = \"x\" destination = \"y\" write_mode = \"x\" }").Error);
        Assert.Equal("template: min_instances cannot be negative", Read("template { contents = \"x\" destination = \"y\" min_instances = -1 }").Error);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_read(string text, string expected)
    {
        RunnerConfig config = Accept(OneTemplate + text).Config!;
        string name = expected[..expected.IndexOf('=', StringComparison.Ordinal)];
        Assert.Equal(expected, $"{name}={Show(config, name)}");
    }

    [Fact]
    public void What_nobody_says_has_its_default()
    {
        RunnerConfig config = Accept(OneTemplate).Config!;
        Assert.Equal(
            "00:00:02 00:01:00 WARN 2 1 False True 12 00:00:00.2500000 00:01:00 30 30 5 0 100 0 10 0 24 LOCAL0 consul-template",
            $"{config.MaxStale} {config.BlockQueryWait} {config.Log.Level} {config.KillSignal} {config.ReloadSignal} {config.Wait.Enabled} "
            + $"{config.Consul.Retry.Enabled} {config.Consul.Retry.Attempts} {config.Consul.Retry.Backoff} {config.Consul.Retry.MaxBackoff} "
            + $"{config.Consul.Transport.DialKeepAlive.TotalSeconds} {config.Consul.Transport.DialTimeout.TotalSeconds} {config.Consul.Transport.IdleConnTimeout.TotalSeconds} "
            + $"{config.Consul.Transport.MaxIdleConns} {config.Consul.Transport.MaxIdleConnsPerHost} {config.Consul.Transport.MaxConnsPerHost} {config.Consul.Transport.TlsHandshakeTimeout.TotalSeconds} "
            + $"{config.Log.RotateMaxFiles} {config.Log.RotateDuration.TotalHours} {config.Log.SyslogFacility} {config.Log.SyslogName}");
        TemplateConfig template = config.Templates[0];
        Assert.True(template.CreateDestDirs && template.ErrorFatal && !template.ErrorOnMissingKey && !template.Backup);
        Assert.Equal(UnixFileMode.None, template.Perms);
        Assert.Null(template.Wait);
        Assert.Equal(TimeSpan.FromSeconds(30), template.Exec.Timeout);
        Assert.False(config.Exec.Enabled || config.Deduplicate.Enabled || config.Consul.Ssl.Enabled || config.HasVault);
    }

    [Theory]
    [InlineData("template { destination = \"b\" }", "template: must specify exactly one of 'source' or 'contents'")]
    [InlineData("template { source = \"a\" contents = \"c\" destination = \"b\" }", "template: cannot specify both 'source' and 'contents'")]
    [InlineData("template { source = \"a\" }", "missing destination")]
    [InlineData("wait = \" \"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'wait': wait: cannot be empty")]
    [InlineData("wait = \"1s:2s:3s\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'wait': wait: invalid format")]
    [InlineData("wait = \"-1s\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'wait': wait: cannot be negative")]
    [InlineData("wait = \"5s:1s\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'wait': wait: min must be less than max")]
    [InlineData("wait = \"x\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'wait': time: invalid duration \"x\"")]
    [InlineData("wait { min = \"5s\" max = \"1s\" }", "wait: min must be less than max")]
    [InlineData("wait { min = \"-5s\" }", "wait: cannot be negative")]
    [InlineData("bacon = 1 eggs = 2", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* '' has invalid keys: bacon, eggs")]
    [InlineData("consul { retry { often = 1 } }", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* 'consul.retry' has invalid keys: often")]
    [InlineData("template { source = \"a\" } template { sauce = \"b\" }", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* 'template[1]' has invalid keys: sauce")]
    [InlineData("max_stale = \"5\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'max_stale': time: missing unit in duration \"5\"")]
    [InlineData("max_stale = true", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* 'max_stale' expected type 'time.Duration', got unconvertible type 'bool'")]
    [InlineData("once = \"perhaps\"", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* cannot parse 'once' as bool: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("consul { retry { attempts = \"x\" } }", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* cannot parse 'consul.retry.attempts' as int: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("consul = [\"a\", \"b\"]", "CT_LOCAL_CONFIG: 2 error(s) decoding:\n\n* 'consul' expected a map, got 'string'\n* 'consul' expected a map, got 'string'")]
    [InlineData("template { perms = \"rw\" }", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'template[0].perms': strconv.ParseUint: parsing \"rw\": invalid syntax")]
    [InlineData("template { perms = 5000 }", "CT_LOCAL_CONFIG: 1 error(s) decoding:\n\n* error decoding 'template[0].perms': 5000 is no file mode")]
    [InlineData("log_level = \"loud\"", "invalid log level \"LOUD\", valid log levels are TRACE, DEBUG, INFO, WARN, ERR")]
    [InlineData("a {", "CT_LOCAL_CONFIG: error parsing config: At 1:5: object expected closing RBRACE got: EOF")]
    public void Mistakes_are_named(string text, string error)
    {
        ConfigResult result = Read(text);
        Assert.Equal(ConfigOutcome.ConfigRefused, result.Outcome);
        Assert.Equal(error, result.Error);
        Assert.Null(result.Config);
    }

    [Fact]
    public void An_unknown_signal_lists_the_known_ones()
    {
        ConfigResult result = Read("kill_signal = \"SIGNOPE\"");
        Assert.EndsWith(
            "invalid signal \"SIGNOPE\" - valid signals are [SIGABRT SIGALRM SIGBUS SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGNULL "
            + "SIGPIPE SIGPROF SIGQUIT SIGSEGV SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGUSR1 SIGUSR2 SIGWINCH SIGXCPU SIGXFSZ]",
            result.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_stale = 5", "max_stale = 5 has no unit and is taken as nanoseconds (5ns): write it as \"5s\" for seconds")]
    [InlineData("consul = \"h\"", "consul as a string is deprecated: use consul { address = \"...\" }")]
    [InlineData("token = \"h\"", "token is deprecated: use consul.token")]
    [InlineData("exec { env { whitelist = [] } }", "exec.env.whitelist is deprecated: use exec.env.allowlist")]
    [InlineData("template { contents = \"x\" destination = \"b\" perms = 644 }", "template[0].perms = 644 is decimal and means 1204: write it as \"644\" or 0644")]
    public void What_is_probably_not_meant_is_warned_of(string text, string warning)
    {
        Assert.Equal([warning], Accept(text).Warnings);
    }

    [Fact]
    public void A_bare_number_is_nanoseconds_and_zero_is_plain()
    {
        ConfigResult result = Accept("max_stale = 0 block_query_wait = 1000000000");
        Assert.Equal(TimeSpan.Zero, result.Config!.MaxStale);
        Assert.Equal(TimeSpan.FromSeconds(1), result.Config.BlockQueryWait);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void JSON_is_told_by_its_content()
    {
        RunnerConfig config = Accept("""{"consul": {"address": "h:1", "retry": {"attempts": 5}}, "template": [{"source": "a", "destination": "b", "perms": "0640"}, {"contents": "c", "destination": "d"}], "wait": "1s"}""").Config!;
        Assert.Equal("h:1", config.Consul.Address);
        Assert.Equal(5, config.Consul.Retry.Attempts);
        Assert.Equal(["a", ""], config.Templates.Select(t => t.Source));
        Assert.Equal(0x1a0, (int)config.Templates[0].Perms);
        Assert.True(config.Wait.Enabled);
    }

    [Fact]
    public void A_heredoc_holds_a_template()
    {
        Assert.Equal("{{ key \"a\" }}\n", Accept("template {\n contents = <<-EOF\n  {{ key \"a\" }}\n  EOF\n destination = \"b\"\n}").Config!.Templates[0].Contents);
    }

    [Fact]
    public void Sources_are_merged_from_left_to_right_and_the_command_line_wins()
    {
        using var folder = new TempFolder();
        folder.Write("one/b.hcl", "max_stale = \"3s\" template { source = \"b\" destination = \"x\" } exec { env { custom = [\"B=1\"] } }");
        folder.Write("one/a.hcl", "max_stale = \"2s\" block_query_wait = \"2s\" template { source = \"a\" destination = \"x\" } exec { env { custom = [\"A=1\"] } }");
        folder.Write("one/sub/c.json", """{"consul": {"address": "file:1"}, "log_level": "info"}""");
        folder.Write("two.hcl", "consul { token = \"t2\" } pid_file = \"p\"");
        RunnerConfig config = Run(
            ["-config", folder.Path("one"), "-config=" + folder.Path("two.hcl"), "-consul-addr", "flag:2", "-template", "c:/etc:cmd", "-exec-env-custom", "C=1"],
            ("CT_LOCAL_CONFIG", "max_stale = \"1s\" pid_file = \"local\" template { source = \"l\" destination = \"x\" }"),
            ("CONSUL_HTTP_ADDR", "env:3"),
            ("CONSUL_HTTP_TOKEN", "env")).Config!;
        Assert.Equal(TimeSpan.FromSeconds(3), config.MaxStale);
        Assert.Equal(TimeSpan.FromSeconds(2), config.BlockQueryWait);
        Assert.Equal("flag:2", config.Consul.Address);
        Assert.Equal("t2", config.Consul.Token.Value);
        Assert.Equal("p", config.PidFile);
        Assert.Equal("INFO", config.Log.Level);
        Assert.Equal(["l", "a", "b", "c:/etc"], config.Templates.Select(t => t.Source));
        Assert.Equal(["A=1", "B=1", "C=1"], config.Exec.Env.Custom);
    }

    [Fact]
    public void Links_in_a_folder_are_not_followed()
    {
        using var folder = new TempFolder();
        folder.Write("..2026/a.hcl", "template { source = \"a\" destination = \"x\" }");
        Directory.CreateSymbolicLink(folder.Path("..data"), "..2026");
        File.CreateSymbolicLink(folder.Path("a.hcl"), "..data/a.hcl");
        Assert.Single(Run(["-config", folder.Path("")]).Config!.Templates);
        Assert.Single(Run(["-config", folder.Path("a.hcl")]).Config!.Templates);
    }

    [Fact]
    public void Missing_and_wrong_files_are_named()
    {
        using var folder = new TempFolder();
        folder.Write("a.hcl", "nope = 1");
        Assert.Equal("missing file/folder: /no/such", Run(["-config", "/no/such"]).Error);
        Assert.Equal($"from file: {folder.Path("a.hcl")}: 1 error(s) decoding:\n\n* '' has invalid keys: nope", Run(["-config", folder.Path("a.hcl")]).Error);
    }

    [Theory]
    [InlineData("CONSUL_HTTP_ADDR", "Consul=v   ")]
    [InlineData("CONSUL_NAMESPACE", "Consul= v  ")]
    [InlineData("CONSUL_TOKEN", "Consul=  v ")]
    [InlineData("CONSUL_HTTP_TOKEN", "Consul=  v ")]
    [InlineData("CONSUL_TOKEN_FILE", "Consul=   v")]
    [InlineData("CONSUL_HTTP_TOKEN_FILE", "Consul=   v")]
    public void The_environment_fills_gaps(string variable, string expected)
    {
        Assert.Equal(expected, "Consul=" + Show(Run([], (variable, "v")).Config!, "Consul"));
    }

    [Theory]
    [InlineData("CT_LOG")]
    [InlineData("CONSUL_TEMPLATE_LOG")]
    [InlineData("CONSUL_TEMPLATE_LOG_LEVEL")]
    public void The_environment_sets_the_log_level(string variable)
    {
        Assert.Equal("TRACE", Run([], (variable, "trace")).Config!.Log.Level);
        Assert.Equal("INFO", Run(["-log-level=info"], (variable, "trace")).Config!.Log.Level);
    }

    [Fact]
    public void Once_takes_waits_and_de_duplication_back()
    {
        RunnerConfig config = Run(["-once", "-dedup", "-wait", "1s"], ("CT_LOCAL_CONFIG", "template { source = \"a\" destination = \"b\" wait = \"1s\" }")).Config!;
        Assert.False(config.Wait.Enabled || config.Templates[0].Wait!.Enabled || config.Deduplicate.Enabled);
    }

    [Fact]
    public void A_token_is_not_printed()
    {
        RunnerConfig config = Accept("consul { token = \"s3cret\" auth { username = \"u\" password = \"s3cret\" } }").Config!;
        Assert.DoesNotContain("s3cret", config.ToString() + config.Consul, StringComparison.Ordinal);
    }

    internal static ConfigResult Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        return ConfigReader.Read(arguments, name => environment.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault());
    }

    private static ConfigResult Read(string text)
    {
        return Run([], ("CT_LOCAL_CONFIG", text));
    }

    private static ConfigResult Accept(string text)
    {
        ConfigResult result = Read(text);
        Assert.Equal(string.Empty, result.Error);
        return result;
    }

    private static string Show(RunnerConfig config, string name)
    {
        TemplateConfig? last = config.Templates.Count > 0 ? config.Templates[^1] : null;
        ConsulConfig consul = config.Consul;
        return name switch
        {
            "MaxStale" => config.MaxStale.ToString(),
            "BlockQueryWait" => config.BlockQueryWait.ToString(),
            "FailOnAbsentKey" => config.FailOnAbsentKey.ToString(),
            "Log.Level" => config.Log.Level,
            "Log" => $"{config.Log.FilePath} {config.Log.RotateBytes} {config.Log.RotateDuration} {config.Log.RotateMaxFiles}",
            "Syslog" => $"{config.Log.Syslog} {config.Log.SyslogFacility} {config.Log.SyslogName}",
            "PidFile" => config.PidFile,
            "KillSignal" => $"{config.KillSignal}",
            "ReloadSignal" => $"{config.ReloadSignal}",
            "Wait" => Wait(config.Wait),
            "T.Delimiters" => $"{config.Templates[0].LeftDelimiter} {config.Templates[0].RightDelimiter}",
            "T.ErrorFatal" => $"{config.Templates[0].ErrorFatal}",
            "Once" => $"{config.Once}",
            "ParseOnly" => $"{config.ParseOnly}",
            "Consul" => $"{consul.Address} {consul.Namespace} {consul.Token.Value} {consul.TokenFile}",
            "Auth" => consul.Auth.Value,
            "Retry" => $"{consul.Retry.Enabled} {consul.Retry.Attempts} {consul.Retry.Backoff} {consul.Retry.MaxBackoff}",
            "Ssl" => $"{consul.Ssl.Enabled} {consul.Ssl.Verify} {consul.Ssl.Cert} {consul.Ssl.Key} {consul.Ssl.CaCert} {consul.Ssl.CaCertBytes} {consul.Ssl.CaPath} {consul.Ssl.ServerName}",
            "Transport" => $"{consul.Transport.DialKeepAlive.TotalSeconds} {consul.Transport.DialTimeout.TotalSeconds} {consul.Transport.DisableKeepAlives} {consul.Transport.IdleConnTimeout.TotalSeconds} {consul.Transport.MaxIdleConns} {consul.Transport.MaxIdleConnsPerHost} {consul.Transport.MaxConnsPerHost} {consul.Transport.TlsHandshakeTimeout.TotalSeconds}",
            "Dedup" => $"{config.Deduplicate.Enabled} {config.Deduplicate.Prefix} {config.Deduplicate.Ttl.TotalSeconds} {config.Deduplicate.MaxStale.TotalSeconds} {config.Deduplicate.BlockQueryWait.TotalSeconds}",
            "Exec" => $"{config.Exec.Enabled} {string.Join(',', config.Exec.Command)}|{config.Exec.KillSignal} {config.Exec.KillTimeout.TotalSeconds} {config.Exec.ReloadSignal} {config.Exec.Splay.TotalSeconds} {config.Exec.Timeout.TotalSeconds}",
            "Env" => $"{config.Exec.Env.Pristine} {string.Join(',', config.Exec.Env.Custom)} {string.Join(',', config.Exec.Env.Allowlist)} {string.Join(',', config.Exec.Env.Denylist)}",
            "HasVault" => $"{config.HasVault}",
            "Last" => $"{last!.Source} {last.Destination} {last.CreateDestDirs} {last.Backup} {Convert.ToString((int)last.Perms, 8)} {last.User} {last.Group}",
            "LastExec" => $"{last!.Exec.Enabled} {string.Join(',', last.Exec.Command)}|{last.Exec.Timeout.TotalSeconds}",
            "LastWait" => Wait(last!.Wait!),
            "LastRules" => $"{last!.LeftDelimiter} {last.RightDelimiter} {last.ErrorOnMissingKey} {last.ErrorFatal} {string.Join(',', last.FunctionDenylist)} {last.SandboxPath}",
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static string Wait(WaitConfig wait)
    {
        return $"{wait.Enabled} {wait.Min} {wait.Max}";
    }
}
