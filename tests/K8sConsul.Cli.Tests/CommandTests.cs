using System.Text;
using K8sConsul.Cli.Tests.Transcripts;

namespace K8sConsul.Cli.Tests;

/// <summary>What transcripts cannot show: answers that a development agent never gives.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Members_are_sorted_servers_first_and_strangers_have_no_details()
    {
        const string Members = """
            [{"Name":"z1","Addr":"10.0.0.9","Port":8301,"Tags":{"role":"node","build":"1.8.7:abc","vsn":"2","dc":"dc1","segment":""},"Status":3},
             {"Name":"s2","Addr":"10.0.0.2","Port":8301,"Tags":{"role":"consul","build":"1.8.7:","vsn":"2","dc":"dc1","segment":""},"Status":4},
             {"Name":"a1","Addr":"fd00::1","Port":8301,"Tags":{"role":"node","build":"1.8.7:","vsn":"2","dc":"dc1","segment":""},"Status":2},
             {"Name":"odd","Addr":"10.0.0.7","Port":8301,"Tags":{},"Status":0},
             {"Name":"s1","Addr":"10.0.0.1","Port":8301,"Tags":{"role":"consul","vsn":"2","dc":"dc1"},"Status":1}]
            """;
        RunResult result = await RunAsync(Members, "members");
        Assert.Equal(
            """
            Node  Address         Status   Type     Build  Protocol  DC   Segment
            s1    10.0.0.1:8301   alive    server   < 0.3  2         dc1  <all>
            s2    10.0.0.2:8301   failed   server   1.8.7  2         dc1  <all>
            a1    [fd00::1]:8301  leaving  client   1.8.7  2         dc1  <default>
            odd   10.0.0.7:8301   none     unknown                        
            z1    10.0.0.9:8301   left     client   1.8.7  2         dc1  <default>

            """, result.Output);
    }

    [Fact]
    public async Task An_agent_without_a_WAN_pool_has_no_members_there()
    {
        Assert.Equal(2, (await RunAsync("null", "members", "-wan")).ExitCode);
    }

    [Fact]
    public async Task Peers_of_old_protocols_and_unknown_nodes_are_shown()
    {
        RunResult result = await RunAsync("""{"Servers":[{"ID":"a","Node":"(unknown)","Address":"1.2.3.4:8300","Leader":false,"ProtocolVersion":"","Voter":false}],"Index":1}""", "operator", "raft", "list-peers");
        Assert.Equal("Node       ID  Address       State     Voter  RaftProtocol\n(unknown)  a   1.2.3.4:8300  follower  false  <=1\n", result.Output);
    }

    [Fact]
    public async Task A_removed_peer_is_named_as_it_was_given()
    {
        Assert.Equal("Removed peer with address \"1.2.3.4:8300\"\n", (await RunAsync("", "operator", "raft", "remove-peer", "-address=1.2.3.4:8300")).Output);
        Assert.Equal("Removed peer with id \"a\"\n", (await RunAsync("", "operator", "raft", "remove-peer", "-id=a")).Output);
    }

    [Fact]
    public async Task A_transfer_of_leadership_says_whether_it_succeeded()
    {
        Assert.Equal(new RunResult("Success\n", string.Empty, 0), await RunAsync("""{"Success":true}""", "operator", "raft", "transfer-leader", "-id=a"));
        Assert.Equal(
            new RunResult(string.Empty, "Error transfering leadership: Failed to transfer leadership\n", 1),
            await RunAsync("""{"Success":false}""", "operator", "raft", "transfer-leader"));
    }

    [Fact]
    public async Task A_configuration_that_somebody_else_changed_is_not_overwritten()
    {
        var answers = new Queue<string>(["{}", "false"]);
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [], System.Text.Encoding.UTF8.GetBytes(answers.Dequeue()))));
        RunResult result = await Runs.OursAsync(new ProgramRun(["operator", "autopilot", "set-config"]), new Normaliser(), agent.Address);
        Assert.Equal(new RunResult("Configuration could not be atomically updated, please try again\n", string.Empty, 1), result);
    }

    [Fact]
    public async Task The_state_of_autopilot_is_shown_server_by_server()
    {
        const string State = """
            {"Healthy":true,"FailureTolerance":0,"OptimisticFailureTolerance":0,"Servers":{"a":{"ID":"a","Name":"n1","Address":"10.0.0.1:8300",
            "NodeStatus":"alive","Version":"1.8.7","LastContact":"0s","LastTerm":2,"LastIndex":31,"Healthy":true,"StableSince":"2026-01-01T00:00:00Z",
            "Status":"leader","Meta":{"k":"v"},"NodeType":"voter"}},"Leader":"a","Voters":["a"]}
            """;
        Assert.Equal(
            """
            Healthy:                      true
            Failure Tolerance:            0
            Optimistic Failure Tolerance: 0
            Leader:                       a
            Voters:
               a
            Servers:
               a
                  Name:            n1
                  Address:         10.0.0.1:8300
                  Version:         1.8.7
                  Status:          leader
                  Node Type:       voter
                  Node Status:     alive
                  Healthy:         true
                  Last Contact:    0s
                  Last Term:       2
                  Last Index:      31
                  Meta
                     "k": "v"

            """, (await RunAsync(State, "operator", "autopilot", "state")).Output);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse((await RunAsync(State, "operator", "autopilot", "state", "-format=json")).Output);
        Assert.Equal("n1", json.RootElement.GetProperty("Servers").GetProperty("a").GetProperty("Name").GetString());
        Assert.Equal(1, (await RunAsync(State, "operator", "autopilot", "state", "-format=xml")).ExitCode);
    }

    [Fact]
    public async Task A_left_agent_and_a_left_member_are_reported()
    {
        Assert.Equal(new RunResult("Graceful leave complete\n", string.Empty, 0), await RunAsync("", "leave"));
        Assert.Equal(new RunResult(string.Empty, string.Empty, 0), await RunAsync("", "force-leave", "n2"));
    }

    [Fact]
    public async Task The_monitor_shows_the_log_and_says_when_the_agent_is_gone()
    {
        RunResult result = await RunAsync("2026-01-01 [INFO]  agent: a\n2026-01-01 [INFO]  agent: b\n", "monitor");
        Assert.Equal(
            """
            2026-01-01 [INFO]  agent: a
            2026-01-01 [INFO]  agent: b

            Remote side ended the monitor! This usually means that the
            remote side has exited or crashed.

            """, result.Output);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Values_that_are_no_text_come_out_as_they_went_in()
    {
        byte[] value = [0, 255, 10, 13, 0x80];
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [], value)));
        using var output = new MemoryStream();
        var terminal = new Terminal(output, new MemoryStream(), () => Stream.Null, name => name == "CONSUL_HTTP_ADDR" ? agent.Address : null, TimeProvider.System);
        int code = await Task.Factory.StartNew(
            () => CommandLine.Run(["kv", "get", "k"], terminal), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal(0, code);
        Assert.Equal([.. value, (byte)'\n'], output.ToArray());
    }

    [Fact]
    public async Task A_snapshot_that_is_damaged_on_its_way_is_not_kept()
    {
        using Workplace place = Workplace.Create();
        string file = Path.Combine(place.Folder, "saved.snap");
        byte[] cut = await File.ReadAllBytesAsync(Path.Combine(place.Folder, "cut.snap"));
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [], cut)));
        RunResult result = await Runs.OursAsync(new ProgramRun(["snapshot", "save", file]), new Normaliser(), agent.Address);
        Assert.Equal("Error verifying snapshot file: failed to read snapshot file: failed to read or write snapshot data: unexpected EOF\n", result.Error);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(Directory.GetFiles(place.Folder, "saved*"));
    }

    private static async Task<RunResult> RunAsync(string answer, params string[] arguments)
    {
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [], Encoding.UTF8.GetBytes(answer))));
        return await Runs.OursAsync(new ProgramRun(arguments), new Normaliser(), agent.Address);
    }
}
