using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Tests.Configuration;

public sealed class FlagParserTests
{
    [Theory]
    [InlineData("in", "in||")]
    [InlineData("in:out", "in|out|")]
    [InlineData("in:out:run it", "in|out|run it")]
    [InlineData("in:out:run a:b:c", "in|out|run a:b:c")]
    [InlineData("C:\\in:D:\\out:run", "C:\\in|D:\\out|run")]
    [InlineData("/a/b.ctmpl:/c/d", "/a/b.ctmpl|/c/d|")]
    public void A_template_has_up_to_three_parts(string value, string parts)
    {
        Assert.Equal(string.Empty, SettingTexts.ReadTemplate(value, out SettingMap template));
        Assert.Equal(parts, $"{template.Text("source")}|{template.Text("destination")}|{string.Join(',', template.Texts("command"))}");
    }

    [Theory]
    [InlineData("", "template: cannot be empty")]
    [InlineData("  ", "template: cannot be empty")]
    [InlineData(":", "template: cannot be empty")]
    public void An_empty_template_is_refused(string value, string error)
    {
        Assert.Equal(error, SettingTexts.ReadTemplate(value, out _));
        Assert.Equal(ConfigOutcome.FlagRefused, ConfigReaderTests.Run(["-template", value]).Outcome);
    }

    [Theory]
    [InlineData("-nope", "flag provided but not defined: -nope")]
    [InlineData("--nope=1", "flag provided but not defined: -nope")]
    [InlineData("---once", "bad flag syntax: ---once")]
    [InlineData("-=x", "bad flag syntax: -=x")]
    [InlineData("-config", "flag needs an argument: -config")]
    [InlineData("-once=perhaps", "invalid boolean value \"perhaps\" for -once: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("-max-stale=5", "invalid value \"5\" for flag -max-stale: time: missing unit in duration \"5\"")]
    [InlineData("-wait=2s:1s", "invalid value \"2s:1s\" for flag -wait: wait: min must be less than max")]
    [InlineData("-wait=", "invalid value \"\" for flag -wait: wait: cannot be empty")]
    [InlineData("-consul-retry-attempts=x", "invalid value \"x\" for flag -consul-retry-attempts: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("-consul-auth=", "invalid value \"\" for flag -consul-auth: auth: cannot be empty")]
    [InlineData("-once false", "cli: extra args: [\"false\"]")]
    [InlineData("-once -- -dry", "cli: extra args: [\"-dry\"]")]
    [InlineData("word -once", "cli: extra args: [\"word\" \"-once\"]")]
    public void Wrong_flags_are_refused_with_the_words_of_Go(string arguments, string error)
    {
        ConfigResult result = ConfigReaderTests.Run(arguments.Split(' '));
        Assert.Equal(ConfigOutcome.FlagRefused, result.Outcome);
        Assert.Equal(error, result.Error);
    }

    [Theory]
    [InlineData("-once", true)]
    [InlineData("--once", true)]
    [InlineData("-once=false", false)]
    [InlineData("-once=T", true)]
    [InlineData("-once -once=0", false)]
    public void Flags_have_the_syntax_of_Go(string arguments, bool once)
    {
        Assert.Equal(once, ConfigReaderTests.Run(arguments.Split(' ')).Config!.Once);
    }

    [Fact]
    public void Help_and_version_are_asked_for()
    {
        Assert.Equal(ConfigOutcome.Help, ConfigReaderTests.Run(["-h", "-nope"]).Outcome);
        Assert.Equal(ConfigOutcome.Help, ConfigReaderTests.Run(["--help"]).Outcome);
        Assert.Equal(ConfigOutcome.Version, ConfigReaderTests.Run(["-v"]).Outcome);
        Assert.Equal(ConfigOutcome.Version, ConfigReaderTests.Run(["-version"]).Outcome);
        Assert.Contains("-consul-addr=<value>", ConfigReader.Usage("consul template"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_explains_every_flag_once_within_eighty_columns()
    {
        string help = ConfigReader.Usage("consul-template");
        Assert.StartsWith("Usage: consul-template [options]\n", help, StringComparison.Ordinal);
        Assert.Contains("\n  -exec=<command>               A program to start when all templates are\n                                rendered, and to keep an eye on.\n", help, StringComparison.Ordinal);
        Assert.Empty(FlagHelp.Unexplained());
        Assert.All(help.Split('\n'), static line => Assert.True(line.Length <= 80 && line.TrimEnd() == line, line));
    }

    /// <summary>The command line of the documentation, flag by flag: each must be known and change what it is named after.</summary>
    [Fact]
    public void Every_flag_is_known()
    {
        RunnerConfig config = ConfigReaderTests.Run(
        [
            "-template", "a:b:c", "-dry", "-exec", "run it", "-exec-kill-signal=SIGTERM", "-exec-kill-timeout=1s", "-exec-reload-signal=SIGHUP",
            "-exec-splay=2s", "-exec-env-pristine", "-exec-env-custom=A=b", "-exec-env-allowlist=C*", "-exec-env-denylist=D*", "-wait=1s:3s",
            "-kill-signal=SIGUSR1", "-reload-signal=SIGUSR2", "-max-stale=9s", "-default-left-delimiter=<<", "-default-right-delimiter=>>",
            "-template-error-fatal=false", "-pid-file=/p", "-log-level=info", "-log-file=/l", "-log-rotate-bytes=1", "-log-rotate-duration=1m",
            "-log-rotate-max-files=2", "-syslog", "-syslog-facility=F", "-syslog-name=N", "-consul-addr=h:1", "-consul-token=t", "-consul-token-file=/t",
            "-consul-auth=u:p", "-consul-retry=false", "-consul-retry-attempts=1", "-consul-retry-backoff=1s", "-consul-retry-max-backoff=2s",
            "-consul-ssl", "-consul-ssl-verify=false", "-consul-ssl-cert=c", "-consul-ssl-key=k", "-consul-ssl-ca-cert=a", "-consul-ssl-ca-path=p",
            "-consul-ssl-server-name=s", "-consul-transport-dial-keep-alive=1s", "-consul-transport-dial-timeout=1s", "-consul-transport-tls-handshake-timeout=1s",
            "-consul-transport-disable-keep-alives", "-consul-transport-max-idle-conns-per-host=1", "-consul-namespace=n", "-parse-only=false",
            "-vault-addr=v", "-vault-token=t", "-vault-agent-token-file=f", "-vault-unwrap-token", "-vault-renew-token", "-vault-namespace=n", "-vault-retry",
            "-vault-retry-attempts=1", "-vault-retry-backoff=1s", "-vault-retry-max-backoff=1s", "-vault-ssl", "-vault-ssl-verify", "-vault-ssl-cert=c",
            "-vault-ssl-key=k", "-vault-ssl-ca-cert=a", "-vault-ssl-ca-path=p", "-vault-ssl-server-name=s", "-vault-transport-dial-keep-alive=1s",
            "-vault-transport-dial-timeout=1s", "-vault-transport-disable-keep-alives", "-vault-transport-max-idle-conns-per-host=1",
            "-vault-transport-tls-handshake-timeout=1s", "-vault-default-lease-duration=1s", "-vault-client-user-agent=u", "-dedup=true",
        ]).Config!;
        Assert.True(config.Dry && config.Exec.Enabled && config.Exec.Env.Pristine && config.Log.Syslog && config.Deduplicate.Enabled && config.HasVault);
        Assert.Equal(["run it"], config.Exec.Command);
        Assert.Equal((15, 1), (config.Exec.KillSignal, config.Exec.ReloadSignal));
        Assert.Equal((10, 12), (config.KillSignal, config.ReloadSignal));
        Assert.Equal(("h:1", "t", "/t", "u:p", "n"), (config.Consul.Address, config.Consul.Token.Value, config.Consul.TokenFile, config.Consul.Auth.Value, config.Consul.Namespace));
        Assert.Equal(new RetryConfig { Enabled = false, Attempts = 1, Backoff = TimeSpan.FromSeconds(1), MaxBackoff = TimeSpan.FromSeconds(2) }, config.Consul.Retry);
        Assert.Equal(new SslConfig { Enabled = true, Verify = false, Cert = "c", Key = "k", CaCert = "a", CaPath = "p", ServerName = "s" }, config.Consul.Ssl);
        Assert.Equal(new WaitConfig(true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)), config.Wait);
        Assert.Equal("<< >>", $"{config.Templates[0].LeftDelimiter} {config.Templates[0].RightDelimiter}");
        Assert.False(config.Templates[0].ErrorFatal);
    }

    [Fact]
    public void The_old_names_without_prefix_still_work()
    {
        ConsulConfig consul = ConfigReaderTests.Run(["-token=t", "-auth=u", "-retry=3s", "-ssl", "-ssl-verify=false", "-consul=h"]).Config!.Consul;
        Assert.Equal(("t", "u", TimeSpan.FromSeconds(3), true, false, "h"), (consul.Token.Value, consul.Auth.Value, consul.Retry.Backoff, consul.Ssl.Enabled, consul.Ssl.Verify, consul.Address));
    }

    [Fact]
    public void A_dry_run_needs_no_destination()
    {
        Assert.Equal(string.Empty, ConfigReaderTests.Run(["-dry", "-template", "in"]).Error);
        Assert.Equal("missing destination", ConfigReaderTests.Run(["-template", "in"]).Error);
    }
}
