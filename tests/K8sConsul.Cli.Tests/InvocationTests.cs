namespace K8sConsul.Cli.Tests;

public sealed class InvocationTests
{
    [Theory]
    [InlineData("kv get foo", "kv get", "foo")]
    [InlineData("kv get -keys foo", "kv get", "-keys|foo")]
    [InlineData("kv zz foo", "kv", "zz|foo")]
    [InlineData("kv -keys get", "kv", "-keys|get")]
    [InlineData("operator raft list-peers x", "operator raft list-peers", "x")]
    [InlineData("operator raft", "operator raft", "")]
    [InlineData("zz kv get", "zz", "kv|get")]
    [InlineData("", "", "")]
    [InlineData("-- kv get", "", "")]
    [InlineData("kv get -- -h", "kv get", "--|-h")]
    public void The_longest_command_is_taken(string line, string command, string arguments)
    {
        Invocation invocation = Parse(line);
        Assert.Equal(command, invocation.Command);
        Assert.Equal(arguments, string.Join('|', invocation.Arguments));
    }

    [Theory]
    [InlineData("-h", true, false, false)]
    [InlineData("kv get foo --help", true, false, false)]
    [InlineData("kv get -- -help", false, false, false)]
    [InlineData("-v", false, true, true)]
    [InlineData("kv -v", false, false, false)]
    [InlineData("--version kv", false, true, true)]
    [InlineData("-bogus kv", false, false, true)]
    public void Flags_of_the_program_are_seen(string line, bool wantsHelp, bool wantsVersion, bool hasFlags)
    {
        Invocation invocation = Parse(line);
        Assert.Equal(wantsHelp, invocation.WantsHelp);
        Assert.Equal(wantsVersion, invocation.WantsVersion);
        Assert.Equal(hasFlags && !wantsVersion, invocation.HasFlagsBeforeCommand);
    }

    private static Invocation Parse(string line)
    {
        return Invocation.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
