namespace K8sConsul.Chaos.Tests;

public sealed class ChaosOptionsTests
{
    [Fact]
    public void A_violation_names_the_command_that_asks_for_the_same_again()
    {
        ChaosOptions options = ChaosOptions.TryParse(["--servers", "5", "--seed", "9", "--minutes", "0.5", "--only", "pause,kill-all"], out _)!;
        string[] words = options.Command.Split(" -- ")[1].Split(' ');
        ChaosOptions again = ChaosOptions.TryParse(words, out _)!;
        Assert.Equal((5, 9, 0.5), (again.Servers, again.Seed, again.Minutes));
        Assert.Equal(["pause", "kill-all"], again.Only);
    }

    [Theory]
    [InlineData("--servers")]
    [InlineData("--servers", "none")]
    [InlineData("--minutes", "-1")]
    [InlineData("--colour", "red")]
    public void What_cannot_be_understood_is_named(params string[] arguments)
    {
        Assert.Null(ChaosOptions.TryParse(arguments, out string error));
        Assert.Equal("cannot understand " + arguments[0], error);
    }
}
