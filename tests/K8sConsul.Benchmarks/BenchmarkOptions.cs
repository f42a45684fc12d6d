using System.Globalization;

namespace K8sConsul.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        Usage: dotnet run --project tests/K8sConsul.Benchmarks -c Release -- [options]

          --ours PATH      our program; default: what `dotnet publish agent/K8sConsul.Cli -c Release` made
          --real PATH      HashiCorp's program; default: bin/consul-real below the folder that K8SCONSUL_TESTBED names
          --rounds N       rounds, the median of which counts; default 3
          --only ROW,ROW   only rows whose names begin so, such as kv-write,dns
          --quick          one round, short loads, fewer keys and watchers: shows that it runs, not how fast
          --markdown PATH  write the table there as markdown too
          --json PATH      write every round there as JSON too
          --plot PATH      write a picture of the rows growth-... there as SVG; these take minutes and are measured only with --only growth
        """;

    public string? OursPath { get; private set; }

    public string? RealPath { get; private set; }

    public int Rounds { get; private set; } = 3;

    public IReadOnlyList<string> Only { get; private set; } = [];

    public string? MarkdownPath { get; private set; }

    public string? JsonPath { get; private set; }

    public string? PlotPath { get; private set; }

    public bool IsQuick { get; private set; }

    /// <summary>How long a closed loop is measured.</summary>
    public TimeSpan LoadTime => IsQuick ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(2);

    /// <summary>Runs before, unmeasured: connections, caches and both programs' compilers settle.</summary>
    public TimeSpan WarmUpTime => IsQuick ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(2);

    public TimeSpan IdleTime => IsQuick ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(20);

    public int Watchers => IsQuick ? 200 : 2_000;

    public int Keys => IsQuick ? 5_000 : 100_000;

    public IReadOnlyList<int> GrowthKeys => IsQuick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];

    /// <summary>Long enough for what comes only now and then, such as a snapshot, to have its share.</summary>
    public TimeSpan GrowthTime => IsQuick ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(40);

    /// <summary>How many services the templates watch.</summary>
    public IReadOnlyList<int> TemplateServices => IsQuick ? [1, 20] : [1, 100, 1_000];

    public int TemplateChanges => IsQuick ? 5 : 200;

    public int IdleTemplates => IsQuick ? 50 : 1_000;

    public int Failovers => IsQuick ? 1 : 3;

    public int ProcessRuns => IsQuick ? 3 : 15;

    public bool Wants(string row) => Only.Count == 0 || Only.Any(prefix => row.StartsWith(prefix, StringComparison.Ordinal));

    /// <returns>Null with the reason in <paramref name="error"/>.</returns>
    public static BenchmarkOptions? TryParse(string[] arguments, out string error)
    {
        var options = new BenchmarkOptions();
        error = string.Empty;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--quick")
            {
                options.IsQuick = true;
                options.Rounds = 1;
            }
            else if (i + 1 == arguments.Length || !options.TrySet(arguments[i], arguments[i + 1]))
            {
                error = $"cannot understand {arguments[i]}";
                return null;
            }
            else
            {
                i++;
            }
        }

        return options;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--ours":
                OursPath = value;
                return true;
            case "--real":
                RealPath = value;
                return true;
            case "--rounds":
                Rounds = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) ? rounds : 0;
                return Rounds > 0;
            case "--only":
                Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return Only.Count > 0;
            case "--markdown":
                MarkdownPath = value;
                return true;
            case "--json":
                JsonPath = value;
                return true;
            case "--plot":
                PlotPath = value;
                return true;
            default:
                return false;
        }
    }
}
