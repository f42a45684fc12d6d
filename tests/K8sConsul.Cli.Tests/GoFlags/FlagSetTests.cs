using K8sConsul.Cli.GoFlags;

namespace K8sConsul.Cli.Tests.GoFlags;

public sealed class FlagSetTests
{
    private readonly FlagSet _flags = new();
    private readonly Flag<bool> _verbose;
    private readonly Flag<bool?> _stale;
    private readonly Flag<string> _session;
    private readonly Flag<long> _count;
    private readonly Flag<ulong> _index;
    private readonly Flag<long?> _port;
    private readonly Flag<ulong?> _amount;
    private readonly Flag<TimeSpan> _wait;
    private readonly Flag<TimeSpan?> _stabilization;
    private readonly ListFlag<string> _tags;
    private readonly ListFlag<KeyValuePair<string, string>> _meta;

    public FlagSetTests()
    {
        _verbose = _flags.Bool("v", "Says more.");
        _stale = _flags.Optional("stale", "Any server may answer.", FlagKinds.ConsulBool);
        _session = _flags.String("session", "The session.");
        _count = _flags.Int("n", "How many.", 1);
        _index = _flags.Uint("index", "The index.");
        _port = _flags.Optional("port", "The port.", FlagKinds.ConsulInt);
        _amount = _flags.Optional("amount", "How much.", FlagKinds.ConsulUint);
        _wait = _flags.Duration("wait", "How long.", TimeSpan.FromSeconds(2));
        _stabilization = _flags.Optional("stabilization", "How stable.", FlagKinds.ConsulDuration);
        _tags = _flags.Strings("tag", "A tag. Can be given `many` times.");
        _meta = _flags.Pairs("meta", "A pair.");
    }

    [Fact]
    public void Nothing_given_leaves_defaults_and_nothing_set()
    {
        Assert.True(Parse().IsParsed);
        Assert.Equal(1, _count.Value);
        Assert.Null(_stale.Value);
        Assert.Null(_port.Value);
        Assert.All(_flags.Flags, flag => Assert.False(flag.IsSet));
    }

    [Theory]
    [InlineData("-session=x")]
    [InlineData("--session=x")]
    [InlineData("-session", "x")]
    [InlineData("--session", "x")]
    [InlineData("-session=y", "-session=x")]
    public void One_or_two_dashes_and_equals_or_blank_are_the_same(params string[] arguments)
    {
        Assert.True(Parse(arguments).IsParsed);
        Assert.Equal("x", _session.Value);
        Assert.True(_session.IsSet);
        Assert.Empty(_flags.Arguments);
    }

    [Fact]
    public void A_value_may_begin_with_a_dash_or_be_empty_or_hold_equals()
    {
        Assert.True(Parse("-session", "-v", "-tag=", "-tag", "a=b=c").IsParsed);
        Assert.Equal("-v", _session.Value);
        Assert.False(_verbose.IsSet);
        Assert.Equal(["", "a=b=c"], _tags.Values);
    }

    [Fact]
    public void A_boolean_takes_no_separate_value()
    {
        Assert.True(Parse("-v", "false", "-stale").IsParsed);
        Assert.True(_verbose.Value);
        Assert.Equal(["false", "-stale"], _flags.Arguments);
        Assert.False(_stale.IsSet);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("t", true)]
    [InlineData("T", true)]
    [InlineData("TRUE", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("0", false)]
    [InlineData("f", false)]
    [InlineData("F", false)]
    [InlineData("FALSE", false)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    public void Booleans_are_spelt_in_twelve_ways(string text, bool expected)
    {
        Assert.True(Parse($"-v={text}", $"-stale={text}").IsParsed);
        Assert.Equal(expected, _verbose.Value);
        Assert.Equal(expected, _stale.Value);
        Assert.True(_verbose.IsSet);
    }

    [Theory]
    [InlineData("a -v", "a -v")]
    [InlineData("-v a -n=2", "a -n=2")]
    [InlineData("-- -v", "-v")]
    [InlineData("-v -- -n=2 --", "-n=2 --")]
    [InlineData("- -v", "- -v")]
    [InlineData("-v a -- b", "a -- b")]
    public void Parsing_stops_at_the_first_argument_or_at_two_dashes(string line, string rest)
    {
        Assert.True(Parse(line.Split(' ')).IsParsed);
        Assert.Equal(rest.Split(' '), _flags.Arguments);
        Assert.Equal(1, _count.Value);
    }

    [Theory]
    [InlineData("flag provided but not defined: -bogus", "-bogus")]
    [InlineData("flag provided but not defined: -bogus", "--bogus=3")]
    [InlineData("flag needs an argument: -session", "-session")]
    [InlineData("bad flag syntax: ---x", "---x")]
    [InlineData("bad flag syntax: -=x", "-=x")]
    [InlineData("bad flag syntax: --=x", "--=x")]
    [InlineData("invalid value \"x\" for flag -n: parse error", "-n", "x")]
    [InlineData("invalid value \"1.5\" for flag -n: parse error", "-n=1.5")]
    [InlineData("invalid value \"\" for flag -n: parse error", "-n=")]
    [InlineData("invalid value \"9223372036854775808\" for flag -n: value out of range", "-n=9223372036854775808")]
    [InlineData("invalid value \"-1\" for flag -index: parse error", "-index=-1")]
    [InlineData("invalid value \"18446744073709551616\" for flag -index: value out of range", "-index=18446744073709551616")]
    [InlineData("invalid value \"10\" for flag -wait: parse error", "-wait=10")]
    [InlineData("invalid value \"x\" for flag -stabilization: time: invalid duration \"x\"", "-stabilization=x")]
    [InlineData("invalid value \"x\" for flag -port: strconv.Atoi: parsing \"x\": invalid syntax", "-port=x")]
    [InlineData("invalid value \"0x10\" for flag -port: strconv.Atoi: parsing \"0x10\": invalid syntax", "-port=0x10")]
    [InlineData(
        "invalid value \"99999999999999999999\" for flag -port: strconv.Atoi: parsing \"99999999999999999999\": value out of range",
        "-port=99999999999999999999")]
    [InlineData("invalid value \"-1\" for flag -amount: strconv.ParseUint: parsing \"-1\": invalid syntax", "-amount=-1")]
    [InlineData("invalid boolean value \"zz\" for -v: parse error", "-v=zz")]
    [InlineData("invalid boolean value \"zz\" for -stale: strconv.ParseBool: parsing \"zz\": invalid syntax", "-stale=zz")]
    [InlineData("invalid boolean value \"\" for -v: parse error", "-v=")]
    [InlineData("invalid value \"bad\" for flag -meta: Missing \"=\" value in argument: bad", "-meta=bad")]
    [InlineData("invalid value \"a\\tb\\\"\\x01é\\u200b\" for flag -n: parse error", "-n=a\tb\"\u0001é\u200b")]
    public void A_wrong_flag_is_refused_in_the_words_of_Go(string expected, params string[] arguments)
    {
        FlagParseResult result = Parse(arguments);
        Assert.Equal(FlagParseStatus.Refused, result.Status);
        Assert.Equal(expected, result.Error);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Help_is_a_request_and_no_mistake(string argument)
    {
        FlagParseResult result = Parse(argument);
        Assert.Equal(FlagParseStatus.HelpRequested, result.Status);
        Assert.Equal("flag: help requested", result.Error);
    }

    [Theory]
    [InlineData("0x1f", 31UL)]
    [InlineData("017", 15UL)]
    [InlineData("0o17", 15UL)]
    [InlineData("0b101", 5UL)]
    [InlineData("1_000", 1000UL)]
    [InlineData("0x_1", 1UL)]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void Numbers_may_tell_their_base(string text, ulong expected)
    {
        Assert.True(Parse($"-index={text}").IsParsed);
        Assert.Equal(expected, _index.Value);
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("09")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__0")]
    [InlineData("0b2")]
    [InlineData("+1")]
    public void Malformed_numbers_are_refused(string text)
    {
        Assert.Equal(FlagParseStatus.Refused, Parse($"-index={text}").Status);
    }

    [Fact]
    public void Signed_numbers_reach_both_ends()
    {
        Assert.True(Parse("-n=-9223372036854775808", "-port=+7", "-wait=1m30s").IsParsed);
        Assert.Equal(long.MinValue, _count.Value);
        Assert.Equal(7, _port.Value);
        Assert.Equal(TimeSpan.FromSeconds(90), _wait.Value);
    }

    [Fact]
    public void Repeatable_flags_keep_every_occurrence_in_order()
    {
        Assert.True(Parse("-meta=b=2", "-tag=x", "-meta", "a=1=1", "-meta=b=3").IsParsed);
        Assert.Equal([KeyValuePair.Create("b", "2"), KeyValuePair.Create("a", "1=1"), KeyValuePair.Create("b", "3")], _meta.Values);
    }

    [Fact]
    public void A_flag_is_declared_once()
    {
        Assert.Throws<InvalidOperationException>(() => _flags.String("n", "Again."));
        Assert.Throws<ArgumentException>(() => _flags.String("-n", "Never matches."));
    }

    [Fact]
    public void The_usage_list_has_the_layout_of_Go()
    {
        const string Expected = """
            Usage:
              -amount value
                	How much.
              -index uint
                	The index.
              -meta value
                	A pair.
              -n int
                	How many. (default 1)
              -port value
                	The port.
              -session string
                	The session.
              -stabilization value
                	How stable.
              -stale
                	Any server may answer.
              -tag many
                	A tag. Can be given many times.
              -v	Says more.
              -wait duration
                	How long. (default 2s)

            """;
        Assert.Equal(Expected, FlagText.Usage(_flags));
    }

    [Fact]
    public void Defaults_of_strings_are_quoted_and_of_zero_not_shown()
    {
        var flags = new FlagSet();
        flags.String("prefix", "Where.", "_rexec");
        flags.Bool("shell", "With a shell.", defaultValue: true);
        flags.Duration("zero", "Nothing.");
        const string Expected =
            "Usage:\n  -prefix string\n    \tWhere. (default \"_rexec\")\n  -shell\n    \tWith a shell. (default true)\n"
            + "  -zero duration\n    \tNothing.\n";
        Assert.Equal(Expected, FlagText.Usage(flags));
    }

    [Fact]
    public void Help_lists_the_API_flags_first_and_keeps_back_quotes_in_descriptions()
    {
        var flags = new FlagSet();
        flags.Bool("quiet", "When given, a successful run will produce no output.");
        flags.Optional("http-addr", "The `address` and port.", FlagKinds.ConsulString, FlagGroup.HttpApi);
        const string Expected =
            "Usage: consul x [options]\n\nHTTP API Options\n\n  -http-addr=<address>\n     The `address` and port.\n\n"
            + "Command Options\n\n  -quiet\n     When given, a successful run will produce no output.";
        Assert.Equal(Expected, FlagText.Help("\nUsage: consul x [options]\n", flags));
    }

    /// <summary>The parser never throws, and takes or refuses every argument.</summary>
    [Fact]
    public void Random_command_lines_are_parsed_or_refused()
    {
        string[] pieces = ["-", "--", "v", "n", "session", "=", "1", "x", "meta", "tag", " ", "wait", "s", "\0", "é", "stale", "h"];
        var random = new Random(3);
        for (int round = 0; round < 20_000; round++)
        {
            string[] arguments = new string[random.Next(0, 6)];
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i] = string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => pieces[random.Next(pieces.Length)]));
            }

            FlagParseResult result = new FlagSetTests()._flags.Parse(arguments);
            Assert.Equal(result.IsParsed, result.Error.Length == 0);
        }
    }

    private FlagParseResult Parse(params string[] arguments)
    {
        return _flags.Parse(arguments);
    }
}
