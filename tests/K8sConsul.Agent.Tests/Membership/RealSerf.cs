using System.Text.Json.Nodes;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>A <c>serf agent</c>.</summary>
internal sealed class RealSerf : RealPeer
{
    private readonly string _program;
    private readonly string _rpcAddress;

    private RealSerf(string program, string address, string rpcAddress, IEnumerable<string> arguments)
        : base(program, arguments)
    {
        (_program, Address, _rpcAddress) = (program, address, rpcAddress);
    }

    public string Address { get; }

    public static async Task<RealSerf> StartAsync(string name, params string[] more)
    {
        string program = Require(OnPath("serf"), "serf");
        string address = $"127.0.0.1:{Ports.Take()}";
        string rpcAddress = $"127.0.0.1:{Ports.Take()}";
        string[] arguments = ["agent", $"-node={name}", $"-bind={address}", $"-rpc-addr={rpcAddress}", "-profile=local", "-log-level=debug", .. more];
        var serf = new RealSerf(program, address, rpcAddress, arguments);
        await serf.UntilAsync(async () => (await serf.CommandAsync("info")).ExitCode == 0, "serf to listen");
        return serf;
    }

    public Task<(int ExitCode, string Output)> CommandAsync(string command, params string[] arguments) =>
        RunAsync(_program, [command, $"-rpc-addr={_rpcAddress}", .. arguments]);

    public async Task<JsonObject?> MemberAsync(string name)
    {
        (int exitCode, string output) = await CommandAsync("members", "-format=json");
        Assert.True(exitCode == 0, output);
        return JsonNode.Parse(output)!["members"]!.AsArray().Select(m => m!.AsObject()).FirstOrDefault(m => m["name"]!.GetValue<string>() == name);
    }

    public Task UntilStatusAsync(string name, string status) => UntilAsync(
        async () => (await MemberAsync(name))?["status"]?.GetValue<string>() == status, $"serf to see {name} {status}");
}
