using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K8sConsul.EndToEnd.Tests.WalkThrough;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// Every command in README.md is run as its reader would. Goal: nobody's first minute fails; method: the fenced blocks are read
/// from the file, and a command that is not known here, or is known and no longer there, fails.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class ReadmeTests
{
    private const string DevelopmentAgent = "dotnet run --project agent/K8sConsul.Cli -c Release -- agent -dev";
    private const string Tests = "dotnet test K8sConsul.sln";
    private const string Publish = "dotnet publish agent/K8sConsul.Cli -c Release";
    private const string Server = "consul agent -server -bootstrap-expect=3 -data-dir=/var/lib/consul -retry-join=10.0.0.1";

    private const string Simulation = "dotnet run --project tests/K8sConsul.Simulation -c Release -- --seeds 20000";

    /// <summary>K8sConsul.Chaos.Tests parses and runs it.</summary>
    private const string Chaos = "dotnet run --project tests/K8sConsul.Chaos -c Release -- --servers 3 --minutes 3 --seed 1 --report chaos";

    private const string Benchmark = "dotnet run --project tests/K8sConsul.Benchmarks -c Release -- --real /path/to/consul --rounds 3 --markdown figures.md";

    /// <summary>A build from nothing is part of it.</summary>
    private static readonly TimeSpan _longestBuild = TimeSpan.FromMinutes(10);

    /// <summary>Elections with Consul's own timing, and a retry of the join after 30 seconds.</summary>
    private static readonly TimeSpan _longestForming = TimeSpan.FromMinutes(3);

    /// <summary>What is typed while the development agent runs, and what it prints (a regular expression).</summary>
    private static readonly Dictionary<string, string> _atTheAgent = new(StringComparer.Ordinal)
    {
        ["curl -X PUT -d 'hello' http://127.0.0.1:8500/v1/kv/greeting"] = "^true$",
        ["""curl -X PUT -d '{"Name": "web", "Port": 8080}' http://127.0.0.1:8500/v1/agent/service/register"""] = "^$",
        // A development agent indents its JSON.
        ["curl 'http://127.0.0.1:8500/v1/health/service/web?passing'"] = "\"Service\": \"web\"(.|\n)*\"Port\": 8080(.|\n)*\"Status\": \"passing\"",
        ["dig @127.0.0.1 -p 8600 web.service.consul SRV"] = @"status: NOERROR(.|\n)*\nweb\.service\.consul\.\s+0\s+IN\s+SRV\s+1 1 8080 ",
    };

    /// <summary>The template's example, in one folder and in this order, with the agent that the commands above have filled.</summary>
    private static readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal)
    {
        ["consul kv put greeting hello"] = "^Success! Data written to: greeting\n$",
        ["""echo 'The greeting is {{ key "greeting" }}, and web runs at {{ range service "web" }}{{ .Address }}:{{ .Port }}{{ end }}.' > greeting.ctmpl"""] = "^$",
        ["consul template -template greeting.ctmpl:greeting.txt:'cat greeting.txt' -once"] = @"^The greeting is hello, and web runs at 127\.0\.0\.1:8080\.\n$",
    };

    /// <summary>Commands of the real program, which README.md says to work: the walk-through's chapters run them.</summary>
    private static readonly string[] _ofTheRealProgram = ["lock", "watch"];

    [Fact]
    public void Every_command_is_one_that_a_test_runs()
    {
        Assert.Equal([DevelopmentAgent, .. _atTheAgent.Keys, Tests, Simulation, Publish, Chaos, Publish, Server, .. _templates.Keys, Publish, Benchmark], Readme.Commands);
    }

    [Fact]
    public async Task The_first_minute_goes_as_described()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Peers.OnPath("curl");
        Peers.OnPath("dig");
        using DocumentedPorts ports = await DocumentedPorts.TakeAsync();
        using var shell = new Shell(AgentProcess.Program);
        var log = new StringBuilder();
        using Process agent = Start(DevelopmentAgent, log);
        try
        {
            await Eventually.TrueAsync(
                "the development agent runs",
                () => agent.HasExited ? throw new InvalidOperationException(Text(log)) : Task.FromResult(Text(log).Contains("Consul agent running!", StringComparison.Ordinal)),
                () => Text(log),
                _longestBuild);
            Dictionary<string, string> expected = _atTheAgent.Concat(_templates).ToDictionary(StringComparer.Ordinal);
            foreach (string command in Readme.Commands.Where(expected.ContainsKey))
            {
                // A reader takes longer to type than anti-entropy takes to tell the catalog.
                ShellResult result = new(0, string.Empty, string.Empty);
                await Eventually.TrueAsync(
                    command + " prints " + expected[command],
                    async () =>
                    {
                        result = await shell.RunAsync(command);
                        return result.ExitCode == 0 && Regex.IsMatch(result.Output, expected[command], RegexOptions.None, TimeSpan.FromSeconds(1));
                    },
                    () => result + Text(log));
            }
        }
        finally
        {
            agent.Kill(entireProcessTree: true);
            await agent.WaitForExitAsync();
        }
    }

    /// <summary>The test command is the one that runs this test; CI types the same.</summary>
    [Fact]
    public async Task The_test_command_is_what_CI_runs_and_runs_these_tests()
    {
        string[] ci = await File.ReadAllLinesAsync(Checkout.File(".ci/run"));
        Assert.Contains(ci, line => line.StartsWith(Tests, StringComparison.Ordinal));
        Assert.Contains(ci, line => line.StartsWith(Publish, StringComparison.Ordinal));
        Assert.Contains(typeof(ReadmeTests).Assembly.GetName().Name + ".csproj", await File.ReadAllTextAsync(Checkout.File("K8sConsul.sln")), StringComparison.Ordinal);
    }

    /// <summary>
    /// Three servers, and a client "without -server and -bootstrap-expect", of the published program. Replaced is only what
    /// belongs to a machine: the folder of data, and the addresses, which are of the loopback network here.
    /// </summary>
    [Fact]
    public async Task The_published_program_forms_a_cluster_that_answers_from_any_agent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        await PublishAsync();
        var network = LoopbackNetwork.Take();
        string directory = Directory.CreateTempSubdirectory("k8sconsul-readme-").FullName;
        string[] flags = [.. Server.Replace("10.0.0.1", network.Prefix + "10", StringComparison.Ordinal).Split(' ')[2..].Where(flag => !flag.StartsWith("-data-dir", StringComparison.Ordinal))];
        string[] clientFlags = [.. flags.Except(["-server", "-bootstrap-expect=3"], StringComparer.Ordinal)];
        List<AgentProcess> agents = [];
        using var shell = new Shell(TestedProgram.Published);
        try
        {
            for (int i = 0; i < 4; i++)
            {
                string address = string.Create(CultureInfo.InvariantCulture, $"{network.Prefix}{10 + i}");
                agents.Add(AgentProcess.At(address, TestedProgram.Published, string.Create(CultureInfo.InvariantCulture, $"machine{i + 1}"), directory, i < 3 ? flags : clientFlags));
                agents[i].Start();
            }

            foreach (AgentProcess agent in agents)
            {
                await PrintsAsync(shell, agent, "consul operator raft list-peers", "(leader|follower) +true(.|\n)*(leader|follower) +true(.|\n)*(leader|follower) +true");
                await PrintsAsync(shell, agent, "consul members", "(machine[1-4] .* alive .*\n){4}");
                await PrintsAsync(shell, agent, "consul kv put from " + agent.Name, "^Success! Data written to: from\n$");
                await PrintsAsync(shell, agent, $"consul snapshot save {agent.Name}.snap", "^Saved and verified snapshot to index [0-9]+\n$");
            }
        }
        finally
        {
            foreach (AgentProcess agent in agents)
            {
                await agent.DisposeAsync();
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>One quick row of it: the table has the columns of README.md's.</summary>
    [Fact]
    public async Task The_benchmark_writes_a_table_like_the_one_shown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        const string Row = "command-version";
        string real = Peers.RealConsul();
        await PublishAsync();
        string figures = Path.Combine(Directory.CreateTempSubdirectory("k8sconsul-figures-").FullName, "figures.md");
        string command = Benchmark.Replace("/path/to/consul", real, StringComparison.Ordinal).Replace("figures.md", figures, StringComparison.Ordinal);
        try
        {
            await SucceedAsync($"{command} --quick --only {Row}");
            string[] table = await File.ReadAllLinesAsync(figures);
            string[] readme = await File.ReadAllLinesAsync(Checkout.File("README.md"));
            Assert.Contains(table[0], readme);
            Assert.Contains(table[1], readme);
            Assert.Matches($@"^\| {Row} \| ms \| [0-9.]+ \| [0-9.]+ \| [0-9.]+ \|", table[2]);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(figures)!, recursive: true);
        }
    }

    /// <summary>Few seeds: K8sConsul.Simulation.Tests runs more, and this is about the command.</summary>
    [Fact]
    public async Task The_simulator_says_what_it_met_and_that_nothing_was_broken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        string output = await SucceedAsync(Simulation.Replace("20000", "20", StringComparison.Ordinal));
        Assert.Contains("leader elected", output, StringComparison.Ordinal);
        Assert.Matches("20 seeds, [0-9,]+ events in .*: 0 with a violation", output);
    }

    [Fact]
    public async Task Every_command_that_a_sentence_names_explains_itself()
    {
        using var shell = new Shell(AgentProcess.Program);
        Assert.NotEmpty(Readme.NamedCommands);
        foreach (string command in Readme.NamedCommands.Except(_ofTheRealProgram, StringComparer.Ordinal))
        {
            ShellResult help = await shell.RunAsync($"consul {command} -h");
            Assert.Equal(0, help.ExitCode);
            Assert.StartsWith($"Usage: consul {command}", help.Output, StringComparison.Ordinal);
        }

        Assert.All(_ofTheRealProgram, command => Assert.True(File.Exists(Path.Combine(Chapter.Folder, command + ".txt")), command));
    }

    private static async Task PublishAsync()
    {
        string log = await SucceedAsync(Publish);
        Assert.True(File.Exists(TestedProgram.Published), $"{TestedProgram.Published} is not there\n{log}");
    }

    /// <returns>What the command printed.</returns>
    private static async Task<string> SucceedAsync(string command)
    {
        var log = new StringBuilder();
        using Process process = Start(command, log);
        using var tooLong = new CancellationTokenSource(_longestBuild);
        try
        {
            await process.WaitForExitAsync(tooLong.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"not done after {_longestBuild.TotalMinutes:0} minutes: {command}\n{Text(log)}", late);
        }

        Assert.True(process.ExitCode == 0, $"{command}\n{Text(log)}");
        return Text(log);
    }

    private static Task PrintsAsync(Shell shell, AgentProcess agent, string command, string expected)
    {
        ShellResult result = new(0, string.Empty, string.Empty);
        return Eventually.TrueAsync(
            $"{command} at {agent.Name} prints {expected}",
            async () =>
            {
                result = await shell.RunAsync(command, ("CONSUL_HTTP_ADDR", agent.Address + ":8500"));
                return result.ExitCode == 0 && Regex.IsMatch(result.Output, expected, RegexOptions.None, TimeSpan.FromSeconds(1));
            },
            () => result + agent.Log,
            _longestForming);
    }

    /// <summary>A command in the folder of the checkout, without what the test's own build has put into the environment.</summary>
    private static Process Start(string command, StringBuilder log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec " + command])
        {
            WorkingDirectory = Checkout.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        // A build's helpers end with it; they would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("cannot start /bin/sh");
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        }
    }

    private static string Text(StringBuilder log)
    {
        lock (log)
        {
            return log.ToString();
        }
    }
}
