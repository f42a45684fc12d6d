using System.Text.RegularExpressions;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Agents that cannot start: they say why as the real one does, with exit code 1, and leave the running ones alone.</summary>
public sealed partial class StartRefusedTests(AgentPair pair, ITestOutputHelper output) : IClassFixture<AgentPair>, IDisposable
{
    private const string Nobody = "65534";

    private static readonly Dictionary<string, StartCase> Cases = StartCases.All().ToDictionary(c => c.Name, StringComparer.Ordinal);

    private readonly string _directory = MakeDirectory();

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_reason_is_told_in_the_words_of_the_real_program(string name)
    {
        StartCase one = Cases[name];
        (int code, string text, string log) = await StartAsync(one, "ours", AgentProcess.Program);
        output.WriteLine(log);
        Assert.Equal(1, code);
        AgentPair.AssertNoStackFrames(log);
        await pair.AssertUnharmedAsync();
        (int theirCode, string theirText, string theirLog) = await StartAsync(one, "real", RealConsul.Locate());
        output.WriteLine(theirLog);
        Assert.Equal((theirCode, theirText), (code, text));
    }

    public void Dispose()
    {
        foreach (string directory in Directory.EnumerateDirectories(_directory))
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static string MakeDirectory()
    {
        string directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return directory;
    }

    private async Task<(int Code, string Text, string Log)> StartAsync(StartCase one, string name, string program)
    {
        var place = new StartPlace(Path.Combine(_directory, name), pair.Ours);
        one.Prepare(place);
        await using var agent = new AgentProcess(name, _directory, ["-node=refused", .. one.Arguments(place)])
        {
            Executable = program,
            Launcher = one.Unprivileged && Environment.IsPrivilegedProcess
                ? ["setpriv", "--reuid=" + Nobody, "--regid=" + Nobody, "--clear-groups"]
                : [],
        };
        agent.Start();
        int code = await agent.EndAsync();
        return (code, Reason(agent.Log, place), agent.Log);
    }

    /// <summary>The error itself: what stands behind the arrow or in the log's error line, whose lines may come in any order.</summary>
    private static string Reason(string log, StartPlace place)
    {
        string text = log.ReplaceLineEndings("\n");
        Match reason = ErrorLine().Match(text);
        string found = reason.Success ? reason.Groups["text"].Value : text;
        IEnumerable<string> lines = found
            .Replace(place.DataDirectory, "<data>", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => GoDump().Replace(Port().Replace(line, "<address>"), string.Empty));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""Error starting agent: error="(?<text>.*?)"\n[^\n]*(?:Exit code|\[)""", RegexOptions.Singleline)]
    private static partial Regex ErrorLine();

    /// <summary>The real one shows a definition as Go prints its memory.</summary>
    [GeneratedRegex(@" &\{.*\}$")]
    private static partial Regex GoDump();

    [GeneratedRegex("""127\.0\.0\.1:\d+|(?<=port )\d+|(?<=192\.0\.2\.1:)\d+""")]
    private static partial Regex Port();
}
