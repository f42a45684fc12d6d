using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// The image starts as the official one does. Goal: a Compose file or a Helm chart written for that works with ours; method:
/// the entry point is run with programs that only say how they were called.
/// </summary>
public sealed partial class ImageTests : IDisposable
{
    private const string Consul = "1000";
    private readonly string _programs = Directory.CreateTempSubdirectory("k8sconsul-image-").FullName;
    private readonly string _data = Directory.CreateTempSubdirectory("k8sconsul-data-").FullName;
    private readonly string _config = Directory.CreateTempSubdirectory("k8sconsul-config-").FullName;

    public void Dispose()
    {
        Directory.Delete(_programs, recursive: true);
        Directory.Delete(_data, recursive: true);
        Directory.Delete(_config, recursive: true);
    }

    [Theory]
    [InlineData("agent -dev", "consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    [InlineData("agent", "consul|agent|-data-dir={data}|-config-dir={config}")]
    [InlineData("agent -dev", "consul|agent|-data-dir={data}|-config-dir={config}|-bind=10.0.0.1|-dev", "CONSUL_BIND=-bind=10.0.0.1")]
    [InlineData("agent", "consul|agent|-data-dir={data}|-config-dir={config}|-bind=10.0.0.1|-advertise=10.0.0.2", "CONSUL_BIND=-bind=10.0.0.1 -advertise=10.0.0.2")]
    [InlineData("agent -server", "consul|agent|-data-dir={data}|-config-dir={config}|-client=0.0.0.0|-server", "CONSUL_CLIENT=-client=0.0.0.0")]
    [InlineData(
        "agent",
        "==> Binding to the address of interface 'eth0', setting bind option...\nconsul|agent|-data-dir={data}|-config-dir={config}|-bind={{ GetInterfaceIP \"eth0\" }}",
        "CONSUL_BIND_INTERFACE=eth0")]
    [InlineData(
        "agent -x",
        "==> Serving clients on the address of interface 'eth1', setting client option...\nconsul|agent|-data-dir={data}|-config-dir={config}|-client={{ GetInterfaceIP \"eth1\" }}|-x",
        "CONSUL_CLIENT_INTERFACE=eth1")]
    [InlineData("agent", "consul|agent|-data-dir={data}|-config-dir={config}|-bind=10.0.0.1", "CONSUL_BIND=-bind=10.0.0.1", "CONSUL_BIND_INTERFACE=eth0")]
    [InlineData("members -detailed", "consul|members|-detailed")]
    [InlineData("version", "consul|version")]
    [InlineData("kv get a", "consul|kv|get|a")]
    [InlineData("-h", "consul|-h")]
    [InlineData("other consul", "other|consul")]
    public async Task Arguments_become_the_command_that_the_official_image_makes_of_them(string arguments, string expected, params string[] environment)
    {
        (int code, string output, string error) = await RunAsync(arguments.Split(' '), environment, user: Consul);
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Equal(expected.Replace("{data}", _data, StringComparison.Ordinal).Replace("{config}", _config, StringComparison.Ordinal), output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Arguments_with_spaces_stay_whole()
    {
        (_, string output, _) = await RunAsync(["agent", "-hcl=performance { raft_multiplier = 1 }", "*"], [], user: Consul);
        Assert.Equal($"consul|agent|-data-dir={_data}|-config-dir={_config}|-hcl=performance {{ raft_multiplier = 1 }}|*\n", output);
    }

    [Fact]
    public async Task Local_configuration_is_written_where_the_agent_reads_it()
    {
        const string Configuration = """{"datacenter": "it's \"dc2\" \\n", "server": true}""";
        (int code, _, string error) = await RunAsync(["agent"], ["CONSUL_LOCAL_CONFIG=" + Configuration], user: Consul);
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Equal(Configuration + "\n", await File.ReadAllTextAsync(Path.Combine(_config, "local.json")));
    }

    [Theory]
    [InlineData("", "chown|1000:2000|{data}\nsetpriv|--reuid=1000|--regid=2000|--clear-groups|--|consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    [InlineData("CONSUL_DISABLE_PERM_MGMT=", "consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    [InlineData("CONSUL_UID=0", "chown|0:2000|{config}\nsetpriv|--reuid=0|--regid=2000|--clear-groups|--|consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    [InlineData(
        "CONSUL_GID=7",
        "chown|1000:7|{data}\nsetpriv|--reuid=1000|--regid=7|--clear-groups|--|consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    [InlineData(
        "CONSUL_ALLOW_PRIVILEGED_PORTS=",
        "chown|1000:2000|{data}\nsetpriv|--reuid=1000|--regid=2000|--clear-groups|--inh-caps=+net_bind_service|--ambient-caps=+net_bind_service|--|consul|agent|-data-dir={data}|-config-dir={config}|-dev")]
    public async Task Root_hands_over_folders_that_are_not_the_user_s_and_goes_on_as_that_user(string environment, string expected)
    {
        (int code, string output, string error) = await RunAsync(["agent", "-dev"], environment.Length == 0 ? [] : [environment], user: "0");
        Assert.Equal((0, string.Empty), (code, error));
        Assert.Equal(expected.Replace("{data}", _data, StringComparison.Ordinal).Replace("{config}", _config, StringComparison.Ordinal), output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Root_runs_other_programs_as_root()
    {
        (_, string output, _) = await RunAsync(["other", "-x"], [], user: "0");
        Assert.Equal("other|-x\n", output);
    }

    [Fact]
    public async Task Every_command_of_the_program_is_known_to_the_entry_point()
    {
        using Process usage = Process.Start(new ProcessStartInfo(AgentProcess.Program) { RedirectStandardError = true, UseShellExecute = false })!;
        string text = await usage.StandardError.ReadToEndAsync();
        await usage.WaitForExitAsync();
        string[] commands = [.. CommandLine().Matches(text).Select(match => match.Groups["name"].Value)];
        Assert.Contains("members", commands);
        foreach (string command in commands.Where(command => command != "agent"))
        {
            (_, string output, _) = await RunAsync([command, "argument"], [], user: Consul);
            Assert.Equal($"consul|{command}|argument\n", output);
        }
    }

    /// <summary>What the image starts without arguments, and the ports that it tells of, are those of the official one.</summary>
    [Fact]
    public async Task The_Dockerfile_starts_a_development_agent_as_a_user_without_rights()
    {
        string[] lines = await File.ReadAllLinesAsync(Checkout.File("Dockerfile"));
        Assert.Equal("8300 8301 8301/udp 8302 8302/udp 8500 8600 8600/udp", Instruction(lines, "EXPOSE"));
        Assert.Equal("100:1000", Instruction(lines, "USER"));
        Assert.Equal("/consul/data", Instruction(lines, "VOLUME"));
        Assert.Equal(["docker-entrypoint.sh"], JsonSerializer.Deserialize<string[]>(Instruction(lines, "ENTRYPOINT"))!);
        string[] command = JsonSerializer.Deserialize<string[]>(Instruction(lines, "CMD"))!;
        (_, string output, _) = await RunAsync(command, [], user: Consul);
        Assert.Equal($"consul|agent|-data-dir={_data}|-config-dir={_config}|-dev|-client|0.0.0.0\n", output);
        foreach (string copied in lines.Where(line => line.StartsWith("COPY agent/", StringComparison.Ordinal)))
        {
            Assert.True(File.Exists(Checkout.File(copied.Split(' ')[1])), copied);
        }
    }

    /// <summary>The agent understands the template that the entry point writes: of an interface that is there, and of one that is not.</summary>
    [Fact]
    public async Task The_agent_finds_the_address_of_an_interface()
    {
        // The template passes the loopback interface over, as go-sockaddr does.
        NetworkInterface? outer = Array.Find(
            NetworkInterface.GetAllNetworkInterfaces(),
            network => network.OperationalStatus == OperationalStatus.Up
                && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
                && network.GetIPProperties().UnicastAddresses.Any(address => address.Address.AddressFamily == AddressFamily.InterNetwork));
        Assert.SkipWhen(outer is null, "this machine has no interface with an IPv4 address but the loopback one");
        Assert.Equal((0, string.Empty), await ValidateAsync($"{{{{ GetInterfaceIP \"{outer.Name}\" }}}}"));
        (int code, string error) = await ValidateAsync("""{{ GetInterfaceIP "no-such-interface" }}""");
        Assert.Equal(1, code);
        Assert.NotEqual(string.Empty, error);
    }

    private static string Instruction(string[] lines, string name) =>
        Assert.Single(lines, line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    private async Task<(int Code, string Error)> ValidateAsync(string address)
    {
        string file = Path.Combine(_config, "bind.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new Dictionary<string, string> { ["data_dir"] = _data, ["bind_addr"] = address }));
        using Process validate = Process.Start(new ProcessStartInfo(AgentProcess.Program, ["validate", file]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        Task<string> output = validate.StandardOutput.ReadToEndAsync();
        string error = await validate.StandardError.ReadToEndAsync();
        await output;
        await validate.WaitForExitAsync();
        return (validate.ExitCode, error);
    }

    /// <summary>
    /// The entry point with programs that print their names and arguments. The user consul is 1000:2000, the configuration
    /// belongs to that user, and the data to root as a volume's folder does.
    /// </summary>
    private async Task<(int Code, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string[] environment, string user)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        const string Say = "#!/bin/sh\nprintf '%s' \"${0##*/}\"\nfor argument; do printf '|%s' \"$argument\"; done\nprintf '\\n'\n";
        foreach (string name in (string[])["consul", "other", "chown", "setpriv"])
        {
            Stub(name, Say);
        }

        Stub("id", $"#!/bin/sh\ncase \"$*\" in '-u consul') echo 1000 ;; '-g consul') echo 2000 ;; -u) echo {user} ;; *) exit 9 ;; esac\n");
        Stub("stat", $"#!/bin/sh\ncase \"$*\" in '-c %u {_config}') echo 1000 ;; '-c %u {_data}') echo 0 ;; *) exit 9 ;; esac\n");
        var start = new ProcessStartInfo("/bin/sh", [Checkout.File("agent/docker-entrypoint.sh"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("CONSUL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = _programs + Path.PathSeparator + start.Environment["PATH"];
        start.Environment["CONSUL_DATA_DIR"] = _data;
        start.Environment["CONSUL_CONFIG_DIR"] = _config;
        foreach (string variable in environment)
        {
            string[] parts = variable.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, error);
    }

    private void Stub(string name, string script)
    {
        string path = Path.Combine(_programs, name);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, script);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }
    }

    [GeneratedRegex("^    (?<name>[a-z-]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommandLine();
}
