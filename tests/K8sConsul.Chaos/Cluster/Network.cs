using System.Globalization;

namespace K8sConsul.Chaos.Cluster;

/// <summary>
/// A namespace per server, joined by a bridge whose own address the clients use. What is dropped is dropped where it arrives, by
/// the server it comes from; clients are always let through.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    private readonly string _bridge = Name("br");
    private readonly string _subnet = string.Create(CultureInfo.InvariantCulture, $"10.{200 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}");

    private Network(int servers, bool hasNetem)
    {
        Servers = servers;
        HasNetem = hasNetem;
    }

    public int Servers { get; }

    /// <summary>The kernel can delay, reorder and duplicate.</summary>
    public bool HasNetem { get; }

    public static string? WhyAbsent()
    {
        if (!string.Equals(Environment.UserName, "root", StringComparison.Ordinal))
        {
            return "network namespaces need root";
        }

        string? missing = Array.Find(["ip", "iptables", "tc"], program => !IsInstalled(program));
        return missing is null ? null : "network namespaces need iproute2 and iptables: there is no " + missing;
    }

    /// <summary>Root in a container may still have no right to make one.</summary>
    public static async Task<string?> WhyRefusedAsync()
    {
        string probe = Name("try");
        (int code, string text) = await Command.TryAsync("ip", "netns", "add", probe);
        if (code != 0)
        {
            return "network namespaces cannot be made here: " + text;
        }

        (code, text) = await Command.TryAsync("ip", "netns", "exec", probe, "iptables", "-w", "-L", "-n");
        await Command.RunAsync("ip", "netns", "del", probe);
        return code == 0 ? null : "iptables does not work here: " + text;
    }

    public static async Task<Network> CreateAsync(int servers)
    {
        string probe = Name("probe");
        await Command.RunAsync("ip", "netns", "add", probe);
        (int code, _) = await Command.TryAsync("ip", "netns", "exec", probe, "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms");
        await Command.RunAsync("ip", "netns", "del", probe);

        var network = new Network(servers, hasNetem: code == 0);
        try
        {
            await network.BuildAsync();
            return network;
        }
        catch (ChaosException)
        {
            await network.DisposeAsync();
            throw;
        }
    }

    private async Task BuildAsync()
    {
        await Command.RunAsync("ip", "link", "add", _bridge, "type", "bridge");
        await Command.RunAsync("ip", "addr", "add", _subnet + ".1/24", "dev", _bridge);
        await Command.RunAsync("ip", "link", "set", _bridge, "up");
        for (int server = 0; server < Servers; server++)
        {
            await AddAsync(server);
        }
    }

    public string Address(int server) => string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{10 + server}");

    /// <summary>What starts a program at a server's place and becomes it.</summary>
    public IEnumerable<string> Inside(int server) => ["ip", "netns", "exec", Space(server)];

    /// <summary>Nothing of <paramref name="from"/> arrives at <paramref name="to"/>, or only a share.</summary>
    public Task DropAsync(int from, int to, double share = 1) => share >= 1
        ? IptablesAsync(to, "-A", "INPUT", "-s", Address(from), "-j", "DROP")
        : IptablesAsync(
            to, "-A", "INPUT", "-s", Address(from), "-m", "statistic", "--mode", "random", "--probability",
            share.ToString("0.00", CultureInfo.InvariantCulture), "-j", "DROP");

    public Task ShapeAsync(int server, params string[] netem) =>
        Command.RunAsync("ip", ["netns", "exec", Space(server), "tc", "qdisc", "replace", "dev", "eth0", "root", "netem", .. netem]);

    public Task UnshapeAsync(int server) => Command.RunAsync("ip", "netns", "exec", Space(server), "tc", "qdisc", "del", "dev", "eth0", "root");

    /// <summary>Everything arrives everywhere again.</summary>
    public Task HealAsync() => Task.WhenAll(Enumerable.Range(0, Servers).Select(server => IptablesAsync(server, "-F", "INPUT")));

    public async ValueTask DisposeAsync()
    {
        for (int server = 0; server < Servers; server++)
        {
            await Command.TryAsync("ip", "netns", "del", Space(server));
        }

        await Command.TryAsync("ip", "link", "del", _bridge);
    }

    private async Task AddAsync(int server)
    {
        string space = Space(server);
        string outside = Name("v" + server);
        await Command.RunAsync("ip", "netns", "add", space);
        await Command.RunAsync("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space);
        await Command.RunAsync("ip", "link", "set", outside, "master", _bridge, "up");
        await Command.RunAsync("ip", "-n", space, "addr", "add", Address(server) + "/24", "dev", "eth0");
        await Command.RunAsync("ip", "-n", space, "link", "set", "eth0", "up");
        await Command.RunAsync("ip", "-n", space, "link", "set", "lo", "up");
    }

    private Task IptablesAsync(int server, params string[] rule) =>
        Command.RunAsync("ip", ["netns", "exec", Space(server), "iptables", "-w", .. rule]);

    private static string Space(int server) => Name("s" + server);

    /// <summary>Short, since interfaces have names of up to 15 characters; by process, so that runs do not meet.</summary>
    private static string Name(string part) => string.Create(CultureInfo.InvariantCulture, $"kc{Environment.ProcessId}{part}");

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
