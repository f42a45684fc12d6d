namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>
/// Our <c>consul monitor -log-json</c> at our agent. No chapter can tell of it: HashiCorp's command of 1.8.7 asks for JSON, then
/// once more for text, and shows the text.
/// </summary>
public sealed class MonitorJsonTests
{
    private const string Script = """
        consul monitor -log-json >log & monitoring=$!
        until grep -q 'Synced service' log 2>/dev/null; do consul services register -name=heard -tag="$(date +%s%N)" >registered; sleep 0.1; done
        kill -INT $monitoring; wait $monitoring; echo ended with $?
        grep 'Synced service' log | head -n 1 | sed 's/"@timestamp":"[^"]*"/"@timestamp":"{time}"/'
        """;

    [Fact]
    public async Task Lines_are_objects_and_an_interrupt_ends_them_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        await using TutorialDatacenter datacenter = await TutorialDatacenter.StartAsync(AgentProcess.Program);
        using var shell = new Shell(AgentProcess.Program);
        ShellResult result = await shell.RunAsync(Script, ("CONSUL_HTTP_ADDR", datacenter.One.Address + ":8500"));
        Assert.Equal(
            new ShellResult(0, "ended with 0\n{\"@level\":\"info\",\"@message\":\"Synced service\",\"@module\":\"agent\",\"@timestamp\":\"{time}\",\"service\":\"heard\"}\n", string.Empty),
            result);
    }
}
