using System.Globalization;

namespace K8sConsul.Chaos;

/// <summary>What the command line asks for.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = """
        Usage: dotnet run --project tests/K8sConsul.Chaos -c Release -- [options]

        Starts real servers, each in a network namespace of its own, breaks their network and their processes by a schedule out
        of a seed, and lets clients use the key/value store meanwhile. At the end everything is healed, and the recorded
        history is checked: one order of all operations must explain every answer, all servers must hold the same, stale reads
        must not go back at one server, and no server may have ended by itself. It needs root, iproute2 and iptables.

          --servers N      servers; default 3
          --minutes M      how long faults go on, such as 0.5 or 30; default 3
          --seed N         of the schedule and of what clients do; default 1. The same seed gives the same faults in the same
                           order; what exactly they meet is up to the machine
          --only F,F       only faults whose names begin so, such as pause,isolate-leader
          --clients N      concurrent clients; default 10
          --rate N         operations per second that one client does not exceed; default 25
          --report DIR     where report.md, timeline.svg, faults.log and the servers' logs go, and after a violation the
                           history and the servers' data too; default: a new folder below the temporary one
          --program PATH   the consul to run; default: what `dotnet publish agent/K8sConsul.Cli -c Release` made

        Ends with 0 if every promise was kept, 1 after a violation, 2 if it could not run.
        """;

    public int Servers { get; init; } = 3;

    public double Minutes { get; init; } = 3;

    public int Seed { get; init; } = 1;

    public IReadOnlyList<string> Only { get; init; } = [];

    public int Clients { get; init; } = 10;

    public int Rate { get; init; } = 25;

    public string? ReportPath { get; init; }

    public string? ProgramPath { get; init; }

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    /// <summary>What to type for the same schedule again.</summary>
    public string Command
    {
        get
        {
            string only = Only.Count == 0 ? string.Empty : " --only " + string.Join(',', Only);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"dotnet run --project tests/K8sConsul.Chaos -c Release -- --servers {Servers} --minutes {Minutes} --seed {Seed} --clients {Clients} --rate {Rate}{only}");
        }
    }

    /// <returns>Null with the reason in <paramref name="error"/>.</returns>
    public static ChaosOptions? TryParse(string[] arguments, out string error)
    {
        var options = new ChaosOptions();
        error = string.Empty;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || options.With(arguments[i], arguments[i + 1]) is not { } changed)
            {
                error = $"cannot understand {arguments[i]}";
                return null;
            }

            options = changed;
        }

        return options;
    }

    private ChaosOptions? With(string name, string value) => name switch
    {
        "--servers" => Whole(value, 1, 9) is { } n ? this with { Servers = n } : null,
        "--minutes" => double.TryParse(value, CultureInfo.InvariantCulture, out double n) && n is > 0 and < 10_000 ? this with { Minutes = n } : null,
        "--seed" => Whole(value, 0, int.MaxValue) is { } n ? this with { Seed = n } : null,
        "--only" => this with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
        "--clients" => Whole(value, 1, 64) is { } n ? this with { Clients = n } : null,
        "--rate" => Whole(value, 1, 10_000) is { } n ? this with { Rate = n } : null,
        "--report" => this with { ReportPath = value },
        "--program" => this with { ProgramPath = value },
        _ => null,
    };

    private static int? Whole(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= least && n <= most ? n : null;
}
