namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>
/// The walk-through of every Consul tutorial, letter for letter. Goal: whoever has learnt Consul finds nothing changed. Method:
/// chapters recorded from the real program on real agents are played with our program and with the real one on our agents, and
/// with our program on real agents.
/// </summary>
public sealed class WalkThroughTests
{
    private const string Ours = "ours";
    private const string Real = "real";

    /// <summary>Chapters in which the command line speaks.</summary>
    private static readonly string[] _commandLine = ["join", "leave", "failed", "kv", "services", "snapshot", "failures", "operator"];

    /// <summary>Chapters with commands that our program does not have: the real one's work on our agents.</summary>
    private static readonly string[] _realProgram = ["watch", "lock"];

    /// <summary>Chapters that agents of 1.8.7 cannot play: their <c>/v1/agent/monitor</c> is broken, while both command lines work on ours.</summary>
    private static readonly string[] _ourAgents = ["monitor"];

    /// <summary>Chapters in which only curl, dig and Python speak: whose command line there is does not matter.</summary>
    private static readonly string[] _otherClients = ["http", "dns", "python"];

    private static IEnumerable<string> All => [.. _commandLine, .. _ourAgents, .. _realProgram, .. _otherClients];

    public static TheoryData<string, string, string> Plays()
    {
        var plays = new TheoryData<string, string, string>();
        foreach (string chapter in _commandLine)
        {
            plays.Add(chapter, Ours, Ours);
            plays.Add(chapter, Real, Ours);
            plays.Add(chapter, Ours, Real);
        }

        foreach (string chapter in _ourAgents)
        {
            plays.Add(chapter, Ours, Ours);
            plays.Add(chapter, Real, Ours);
        }

        foreach (string chapter in _realProgram)
        {
            plays.Add(chapter, Real, Ours);
        }

        foreach (string chapter in _otherClients)
        {
            plays.Add(chapter, Ours, Ours);
            plays.Add(chapter, Ours, Real);
        }

        return plays;
    }

    [Theory]
    [MemberData(nameof(Plays))]
    public async Task A_chapter_reads_the_same_with_every_program_on_every_agent(string chapter, string program, string agents)
    {
        using Shell shell = await TerminalAsync(chapter, program);
        await using TutorialDatacenter datacenter = await TutorialDatacenter.StartAsync(Program(agents));
        await new Narrator(datacenter, shell).PlayAsync(FileOf(Chapter.Folder, chapter));
    }

    [Fact]
    public void Every_chapter_is_played()
    {
        Assert.Equal(
            All.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Chapter.Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Writes the chapters anew from the real program on real agents; run it with K8SCONSUL_WALK naming the folder of the sources
    /// (and K8SCONSUL_CHAPTER one of them), and review the change.
    /// </summary>
    [Fact]
    public async Task Chapters_are_recorded_when_asked_for()
    {
        string? folder = Environment.GetEnvironmentVariable("K8SCONSUL_WALK");
        Assert.SkipWhen(folder is null, "K8SCONSUL_WALK does not name a folder to record to");
        string? only = Environment.GetEnvironmentVariable("K8SCONSUL_CHAPTER");
        foreach (string chapter in All.Except(_ourAgents, StringComparer.Ordinal).Where(chapter => only is null || only == chapter))
        {
            using Shell shell = await TerminalAsync(chapter, Real);
            await using TutorialDatacenter datacenter = await TutorialDatacenter.StartAsync(Program(Real));
            string file = FileOf(folder, chapter);
            await File.WriteAllTextAsync(file, await new Narrator(datacenter, shell).RecordAsync(file));
        }
    }

    private static async Task<Shell> TerminalAsync(string chapter, string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Peers.OnPath("curl");
        Peers.OnPath("dig");
        string? python = chapter == "python" ? await Peers.PythonWithConsulAsync() : null;
        var shell = new Shell(Program(program));
        if (python is not null)
        {
            shell.Provide("python3", python);
            foreach (string script in Directory.EnumerateFiles(Chapter.Folder, "*.py"))
            {
                File.Copy(script, Path.Combine(shell.Directory, Path.GetFileName(script)));
            }
        }

        return shell;
    }

    private static string Program(string whose) => whose == Ours ? AgentProcess.Program : Peers.RealConsul();

    private static string FileOf(string folder, string chapter) => Path.Combine(folder, chapter + ".txt");
}
