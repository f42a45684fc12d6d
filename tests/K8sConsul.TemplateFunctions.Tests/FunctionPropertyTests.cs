using System.Diagnostics;

namespace K8sConsul.Template.Functions.Tests;

/// <summary>Random arguments of random kinds to every function, and arguments that ask for too much.</summary>
public sealed class FunctionPropertyTests
{
    private static readonly TemplateLimits s_limits = new() { OutputLengthMax = 200_000, StepsMax = 500_000 };

    private static readonly string[] s_operands =
    [
        "1", "-1", "0", "2", "3", "\"a\"", "\"\"", "\"a,b\"", "\"é😀\"", "`(`", "`[a-z]+`", "`a*`", "\"1.2.3\"", "\">=1.2 <2\"", "\"k: v\"", "`{\"a\":1}`", "'c'", "1.5",
        "1e9", "9223372036854775807", "-9223372036854775808", "-1.5", "nil", "true", ".", ".n", ".l", ".la", ".ls", ".m", ".nm", ".nm.x", ".pairs", ".services", ".f", ".e",
        ".nil", "(uint 7)", "(bytes \"hi\")", "(sprig_list 1 \"a\")", "(sprig_dict \"a\" 1)", "(loop 3)", "2i", "\"a/b/c\"", "\"http://h/p?q#f\"", "\"\\u0000\\ud800\"",
    ];

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_calls_print_or_fail_as_templates_do(int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Sample.Functions.Names.Order(StringComparer.Ordinal)];
        int printed = 0;
        const int Rounds = 12_000;
        for (int round = 0; round < Rounds; round++)
        {
            string call = Call(random, names, depth: 0);
            if (Run(call).StartsWith("! ", StringComparison.Ordinal))
            {
                continue;
            }

            printed++;
        }

        Assert.True(printed > Rounds / 50, $"only {printed} of {Rounds} printed");
    }

    /// <summary>More than anyone has: refused by the limits, at once.</summary>
    [Theory]
    [InlineData("{{loop 9223372036854775807}}")]
    [InlineData("{{range loop -9223372036854775808 9223372036854775807}}{{end}}")]
    [InlineData("{{sprig_until 2000000000}}")]
    [InlineData("{{sprig_untilStep 0 9223372036854775807 1}}")]
    [InlineData("{{sprig_seq 1 2000000000}}")]
    [InlineData("{{sprig_repeat 9223372036854775807 \"ab\"}}")]
    [InlineData("{{sprig_repeat 2000000000 \"a\"}}")]
    [InlineData("{{indent 2000000000 \"a\"}}")]
    [InlineData("{{sprig_indent 9223372036854775807 \"\"}}")]
    [InlineData("{{sprig_nindent 2000000000 \"a\\nb\"}}")]
    [InlineData("{{sprig_randAlpha 2000000000}}")]
    [InlineData("{{$s := sprig_repeat 100000 \"a\"}}{{replaceAll \"\" $s $s}}")]
    [InlineData("{{$s := sprig_repeat 100000 \"a\"}}{{replaceAll \"a\" $s $s}}")]
    [InlineData("{{$s := sprig_repeat 100000 \"a\"}}{{regexReplaceAll \"a\" $s $s}}")]
    [InlineData("{{$s := sprig_repeat 100000 \"ab\"}}{{join $s (split \"a\" $s)}}")]
    [InlineData("{{$l := sprig_list 1}}{{range loop 100}}{{$l = sprig_concat $l $l}}{{end}}")]
    [InlineData("{{$l := sprig_list 1}}{{range loop 100}}{{$l = sprig_list $l $l}}{{end}}{{toJSON $l}}")]
    [InlineData("{{$l := sprig_list 1}}{{range loop 100}}{{$l = sprig_list $l $l}}{{end}}{{toYAML $l}}")]
    [InlineData("{{$l := sprig_list 1}}{{range loop 100}}{{$l = sprig_list $l $l}}{{end}}{{spew_sdump $l}}")]
    [InlineData("{{$a := sprig_list 1}}{{$b := sprig_list 1}}{{range loop 100}}{{$a = sprig_list $a $a}}{{$b = sprig_list $b $b}}{{end}}{{sprig_deepEqual $a $b}}")]
    [InlineData("{{$d := sprig_dict}}{{$_ := sprig_set $d \"d\" $d}}{{toJSON $d}}")]
    [InlineData("{{$d := sprig_dict}}{{$_ := sprig_set $d \"d\" $d}}{{toYAML $d}}")]
    [InlineData("{{$d := sprig_dict}}{{$_ := sprig_set $d \"d\" $d}}{{toTOML $d}}")]
    [InlineData("{{$d := sprig_dict}}{{$_ := sprig_set $d \"d\" $d}}{{sprig_deepCopy $d}}")]
    [InlineData("{{$d := sprig_dict}}{{$_ := sprig_set $d \"d\" $d}}{{$d}}")]
    [InlineData("{{$t := \"ab\"}}{{range loop 100}}{{$t = sprig_quote $t $t}}{{end}}")]
    public void Too_much_is_refused(string template)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        string answer = Sample.Run(template, limits: s_limits);
        Assert.StartsWith("! ", answer, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000_000, "it took too much memory");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
    }

    /// <summary>A pattern that makes a backtracking engine run for ever.</summary>
    [Fact]
    public void Patterns_do_not_backtrack()
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("false", Sample.Run("{{regexMatch \"^(a+)+$\" (print (sprig_repeat 50000 \"a\") \"b\")}}"));
        Assert.Equal("50001", Sample.Run("{{len (regexReplaceAll \"(a|aa)+c\" \"\" (print (sprig_repeat 50000 \"a\") \"b\"))}}"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"it took {watch.Elapsed}");
    }

    private static string Run(string call)
    {
        string answer = Sample.Run("{{" + call + "}}", limits: s_limits);
        Assert.True(answer.Length <= s_limits.OutputLengthMax + 1_000, $"{call} printed {answer.Length} characters");
        return answer;
    }

    private static string Call(Random random, string[] names, int depth)
    {
        IEnumerable<string> arguments = Enumerable.Range(0, random.Next(4)).Select(_ => depth < 2 && random.Next(4) == 0
            ? $"({Call(random, names, depth + 1)})"
            : s_operands[random.Next(s_operands.Length)]);
        return string.Join(' ', [names[random.Next(names.Length)], .. arguments]);
    }
}
