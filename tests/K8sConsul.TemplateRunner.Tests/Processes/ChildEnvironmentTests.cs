using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Processes;

namespace K8sConsul.TemplateRunner.Tests.Processes;

public sealed class ChildEnvironmentTests
{
    private static readonly KeyValuePair<string, string>[] _own = [new("A", "1"), new("AB", "2"), new("C", "3")];
    private static readonly KeyValuePair<string, string>[] _consul = [new("CONSUL_HTTP_ADDR", "h:1"), new("C", "4")];

    [Theory]
    [InlineData(false, "", "", "", "A=1 AB=2 C=4 CONSUL_HTTP_ADDR=h:1")]
    [InlineData(false, "A*", "", "", "A=1 AB=2 CONSUL_HTTP_ADDR=h:1 C=4")]
    [InlineData(false, "", "A*", "", "C=4 CONSUL_HTTP_ADDR=h:1")]
    [InlineData(false, "A*", "AB", "", "A=1 CONSUL_HTTP_ADDR=h:1 C=4")]
    [InlineData(false, "Z", "", "D=5", "CONSUL_HTTP_ADDR=h:1 C=4 D=5")]
    [InlineData(false, "", "", "A=5 C=6", "A=5 AB=2 C=6 CONSUL_HTTP_ADDR=h:1")]
    [InlineData(true, "", "", "", "CONSUL_HTTP_ADDR=h:1 C=4")]
    [InlineData(true, "A*", "", "D=5=6 E= C=7", "CONSUL_HTTP_ADDR=h:1 C=7 D=5=6 E=")]
    public void The_environment_is_filtered_and_added_to(bool pristine, string allow, string deny, string custom, string expected)
    {
        var rules = new EnvConfig { Pristine = pristine, Allowlist = Words(allow), Denylist = Words(deny), Custom = Words(custom) };
        Assert.Equal(expected, string.Join(' ', ChildEnvironment.Build(rules, _own, _consul)));
    }

    [Fact]
    public void A_child_learns_how_Consul_is_reached()
    {
        var config = new ConsulConfig { Address = "h:1", Token = new Secret("t"), TokenFile = "/t", Auth = new Secret("u:p"), Ssl = new SslConfig { Enabled = true, Verify = false } };
        Assert.Equal(
            "CONSUL_HTTP_ADDR=h:1 CONSUL_HTTP_AUTH=u:p CONSUL_HTTP_TOKEN=t CONSUL_HTTP_TOKEN_FILE=/t CONSUL_HTTP_SSL=true CONSUL_HTTP_SSL_VERIFY=false",
            string.Join(' ', ChildEnvironment.OfConsul(config).Select(v => $"{v.Key}={v.Value}")));
        Assert.Equal("CONSUL_HTTP_SSL=false CONSUL_HTTP_SSL_VERIFY=true", string.Join(' ', ChildEnvironment.OfConsul(new ConsulConfig()).Select(v => $"{v.Key}={v.Value}")));
    }

    [Theory]
    [InlineData("ls", "ls", false)]
    [InlineData(" ls ", "ls", false)]
    [InlineData("ls -l", "sh|-c|ls -l", true)]
    [InlineData("ls|-l", "ls|-l", false)]
    [InlineData("/a b|c d", "/a b|c d", false)]
    public void A_string_with_blanks_is_the_shell_s(string command, string arguments, bool ownGroup)
    {
        ChildCommand child = ChildCommand.Of(command.Split('|'))!;
        Assert.Equal(arguments, string.Join('|', child.Arguments));
        Assert.Equal(ownGroup, child.OwnGroup);
    }

    [Fact]
    public void No_command_is_none()
    {
        Assert.Null(ChildCommand.Of([]));
        Assert.Null(ChildCommand.Of([" "]));
    }

    private static string[] Words(string text)
    {
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
