using System.Diagnostics;
using System.Globalization;
using K8sConsul.Simulation.Bugs;

namespace K8sConsul.Simulation.Running;

/// <summary>Arguments of the program.</summary>
internal sealed class CommandLine
{
    private const string Usage = """
        Runs whole clusters (the real consensus core, log and state, on simulated disks, network and clocks) from seeds, with faults, and
        checks every step. The same seed gives the same run.

          dotnet run --project tests/K8sConsul.Simulation -c Release -- [options]

        Many seeds:
          --seeds N        how many, from --first on (default 1000), over all cores
          --first N        the first seed (default 1)
          --threads N      default: one per core
          --events N       events of a run before everything is healed (default 10000)
          --servers N      voters at the beginning (default: 3 or 5, by the seed)

        One seed again, as a failure prints it:
          --seed N         runs that one, and tells what happened
          --keep A,B,…     only these of its scheduled faults take place; "none" for none of them
          --calm           no message is lost, doubled or late
          --shrink N       of a failure, tries N smaller runs and shows the smallest that fails (default 300; 0: none)

        The simulator itself:
          --bug NAME       with a deliberate bug
          --find A,B,…     looks for these bugs in turn ("all": each there is), and says how many seeds each took; one not found is an error
        """;

    private ulong _first = 1;
    private ulong? _seed;
    private int _seeds = 1000;
    private int _events = SimulationOptions.EventsDefault;
    private int _servers;
    private int _threads = Environment.ProcessorCount;
    private int _shrink = 300;
    private bool _isCalm;
    private Bug _bug;
    private IReadOnlyList<Bug> _find = [];
    private HashSet<int>? _keep;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var line = new CommandLine();
        if (arguments.Any(argument => argument is "-h" or "--help"))
        {
            output.WriteLine(Usage);
            return 0;
        }

        if (line.Parse(arguments) is { } problem)
        {
            error.WriteLine(problem);
            error.WriteLine(Usage);
            return 2;
        }

        return line._find.Count > 0 ? line.FindBugs(output) : line._seed is { } seed ? line.RunOne(seed, output) : line.RunMany(output);
    }

    private string? Parse(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name == "--calm")
            {
                _isCalm = true;
                continue;
            }

            if (i + 1 >= arguments.Count)
            {
                return $"{name} wants a value, or is not known";
            }

            string value = arguments[++i];
            if (name == "--bug" && Enum.TryParse(value, ignoreCase: true, out _bug))
            {
                continue;
            }

            if (name == "--find" && FindList(value) is { } bugs)
            {
                _find = bugs;
                continue;
            }

            if (name == "--keep")
            {
                _keep = value == "none" ? [] : [.. value.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                continue;
            }

            if (!ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong number) || !Set(name, number))
            {
                return $"cannot understand {name} {value}";
            }
        }

        return null;
    }

    private bool Set(string name, ulong number)
    {
        switch (name)
        {
            case "--seed":
                _seed = number;
                return true;
            case "--seeds":
                _seeds = (int)number;
                return true;
            case "--first":
                _first = number;
                return true;
            case "--events":
                _events = (int)number;
                return true;
            case "--servers":
                _servers = (int)number;
                return true;
            case "--threads":
                _threads = (int)number;
                return true;
            case "--shrink":
                _shrink = (int)number;
                return true;
            default:
                return false;
        }
    }

    private static List<Bug>? FindList(string value)
    {
        if (value == "all")
        {
            return [.. Enum.GetValues<Bug>().Where(bug => bug != Bug.None)];
        }

        List<Bug> bugs = [];
        foreach (string name in value.Split(','))
        {
            if (!Enum.TryParse(name, ignoreCase: true, out Bug bug))
            {
                return null;
            }

            bugs.Add(bug);
        }

        return bugs;
    }

    private SimulationOptions Options(ulong seed, Bug bug) => new(seed, _events, _servers, bug, _keep, _isCalm);

    private int RunOne(ulong seed, TextWriter output)
    {
        SeedResult result = SeedResult.Of(Options(seed, _bug));
        if (result.Violation is null)
        {
            Report.Coverage(output, result.Coverage, 1);
            output.WriteLine($"seed {seed}: {result.Events} events, no violation");
            return 0;
        }

        Report.Violation(output, result);
        Smaller(output, result);
        return 1;
    }

    private int RunMany(TextWriter output)
    {
        long started = Stopwatch.GetTimestamp();
        var runner = new SeedRunner(_threads);
        long told = started;
        IReadOnlyList<SeedResult> violations = runner.Run(_first, _seeds, seed => Options(seed, _bug), stopAtFirst: false, progress =>
        {
            if (Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(10))
            {
                told = Stopwatch.GetTimestamp();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{progress.Runs:N0} of {_seeds:N0} seeds, {progress.Events:N0} events, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
            }
        });
        Report.Coverage(output, runner.Coverage, runner.Runs);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runner.Runs:N0} seeds, {runner.Events:N0} events in {took.TotalSeconds:0.0} s ({runner.Events / took.TotalSeconds:N0} events/s): {violations.Count} with a violation"));
        foreach (SeedResult violation in violations.Take(5))
        {
            Report.Violation(output, violation);
        }

        if (violations.Count > 0)
        {
            Smaller(output, violations[0]);
        }

        return violations.Count == 0 ? 0 : 1;
    }

    /// <summary>Each bug must be found within the seeds.</summary>
    private int FindBugs(TextWriter output)
    {
        int missed = 0;
        output.WriteLine($"{"bug",-28} {"seeds",6} {"time",8}  found as");
        foreach (Bug bug in _find)
        {
            long started = Stopwatch.GetTimestamp();
            var runner = new SeedRunner(_threads);
            IReadOnlyList<SeedResult> found = runner.Run(_first, _seeds, seed => Options(seed, bug), stopAtFirst: true);
            missed += found.Count == 0 ? 1 : 0;
            string how = found.Count == 0 ? "NOT FOUND" : $"seed {found[0].Options.Seed}: {found[0].Violation!.Message}";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bug,-28} {runner.Runs,6} {Stopwatch.GetElapsedTime(started).TotalSeconds,7:0.0}s  {(how.Length > 140 ? how[..140] : how)}"));
        }

        return missed == 0 ? 0 : 1;
    }

    private void Smaller(TextWriter output, SeedResult result)
    {
        if (_shrink > 0)
        {
            output.WriteLine();
            output.WriteLine("smaller, and still failing:");
            Report.Violation(output, Shrinker.Shrink(result, _shrink));
        }
    }
}
