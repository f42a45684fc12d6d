namespace K8sConsul.Cli.Tests;

public sealed class CommandTableTests
{
    private static readonly Terminal _nowhere = new(Stream.Null, Stream.Null, () => Stream.Null, _ => null, TimeProvider.System);

    [Fact]
    public void Every_listed_command_exists_and_every_command_is_listed()
    {
        string[] names = [.. CommandTable.Entries.Select(entry => entry.Key)];
        foreach (string name in names)
        {
            Assert.NotNull(CommandTable.Create(name, _nowhere));
            Assert.Equal(name.Contains(' '), CommandTable.HasSubcommand(name));
        }

        foreach (string first in names.Where(name => !name.Contains(' ')))
        {
            foreach (string second in names.SelectMany(name => name.Split(' ')).Distinct())
            {
                string name = $"{first} {second}";
                Assert.Equal(names.Contains(name), CommandTable.HasSubcommand(name));
                Assert.Equal(names.Contains(name), CommandTable.Create(name, _nowhere) is not null);
            }
        }
    }

    [Fact]
    public void Commands_are_listed_in_the_order_of_their_names()
    {
        string[] names = [.. CommandTable.Entries.Select(entry => entry.Key)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Every_help_keeps_to_eighty_columns_and_has_no_blank_at_a_line_s_end()
    {
        foreach ((string name, _) in CommandTable.Entries)
        {
            foreach (string line in CommandTable.Create(name, _nowhere)!.Help.Split('\n'))
            {
                Assert.True(line.Length <= 80, $"{name}: {line}");
                Assert.Equal(line.TrimEnd(), line);
            }
        }
    }

    [Theory]
    [InlineData("", 127)]
    [InlineData("zz", 127)]
    [InlineData("help", 127)]
    [InlineData("help kv", 127)]
    [InlineData("-bogus", 127)]
    [InlineData("kv", 1)]
    public void Without_a_command_help_is_an_error(string arguments, int code)
    {
        using var error = new MemoryStream();
        var terminal = new Terminal(Stream.Null, error, () => Stream.Null, _ => null, TimeProvider.System);
        Assert.Equal(code, CommandLine.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), terminal));
        Assert.StartsWith("Usage: consul ", System.Text.Encoding.UTF8.GetString(error.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_s_help_lists_commands_in_columns()
    {
        string help = HelpText.OfProgram();
        Assert.StartsWith("Usage: consul [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n", help, StringComparison.Ordinal);
        Assert.Contains("\n    kv             Interact with the key-value store\n", help, StringComparison.Ordinal);
        Assert.DoesNotContain("kv get", help, StringComparison.Ordinal);
        Assert.EndsWith("    version        Prints the Consul version\n", help, StringComparison.Ordinal);
    }
}
