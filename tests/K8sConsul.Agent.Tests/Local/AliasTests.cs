using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Local;

public sealed class AliasTests : IDisposable
{
    private readonly LocalState _state = new(new LocalStateOptions("n1", TimeSpan.Zero), new ManualTime(), static max => max);

    [Fact]
    public void An_alias_follows_its_service_within_the_same_change()
    {
        Put("alias", Alias("web"));
        Assert.Equal((CheckStatus.Critical, "Service web could not be found on node n1"), Of("alias"));
        PutService("web");
        Assert.Equal((CheckStatus.Passing, "No checks found."), Of("alias"));
        Put("c1", serviceId: "web", status: CheckStatus.Passing);
        Assert.Equal((CheckStatus.Passing, "All checks passing."), Of("alias"));
        _state.UpdateCheck("c1", CheckStatus.Warning, "hm");
        Assert.Equal((CheckStatus.Warning, "Aliased check \"c1\" failing: hm"), Of("alias"));
        Put("c2", serviceId: "web", status: CheckStatus.Passing);
        Assert.Equal((CheckStatus.Warning, "Aliased check \"c1\" failing: hm"), Of("alias"));
        _state.UpdateCheck("c2", CheckStatus.Critical, "bad");
        Assert.Equal((CheckStatus.Critical, "Aliased check \"c2\" failing: bad"), Of("alias"));
        _state.RemoveService("web");
        Assert.Equal((CheckStatus.Critical, "Service web could not be found on node n1"), Of("alias"));
    }

    [Fact]
    public void Checks_of_the_node_count_and_are_followed()
    {
        PutService("web");
        Put("alias", Alias("web"));
        Put("disk", status: CheckStatus.Critical);
        Assert.Equal((CheckStatus.Critical, "Aliased check \"disk\" failing: "), Of("alias"));
        _state.UpdateCheck("disk", CheckStatus.Passing, "");
        Assert.Equal((CheckStatus.Passing, "All checks passing."), Of("alias"));
        _state.RemoveCheck("disk");
        Assert.Equal((CheckStatus.Passing, "No checks found."), Of("alias"));
    }

    [Fact]
    public void Two_aliases_of_the_node_do_not_hold_each_other_critical()
    {
        Put("a", Alias("web"));
        Put("b", Alias("web"));
        Assert.Equal(CheckStatus.Critical, Of("a").Status);
        PutService("web");
        Assert.Equal(CheckStatus.Passing, Of("a").Status);
        Assert.Equal(CheckStatus.Passing, Of("b").Status);
    }

    [Fact]
    public void An_alias_of_an_alias_is_settled_as_well()
    {
        PutService("a");
        PutService("b");
        PutService("c");
        Put("b:alias", Alias("a"), "b");
        Put("c:alias", Alias("b"), "c");
        Put("check", serviceId: "a", status: CheckStatus.Critical);
        Assert.Equal((CheckStatus.Critical, "Aliased check \"b:alias\" failing: Aliased check \"check\" failing: "), Of("c:alias"));
        _state.UpdateCheck("check", CheckStatus.Passing, "");
        Assert.Equal(CheckStatus.Passing, Of("c:alias").Status);
    }

    [Fact]
    public void Services_that_alias_each_other_come_to_rest()
    {
        PutService("a");
        PutService("b");
        Put("a:alias", Alias("b"), "a");
        Put("b:alias", Alias("a"), "b");
        Put("check", serviceId: "a", status: CheckStatus.Critical);
        Assert.Equal(CheckStatus.Critical, Of("b:alias").Status);
        Assert.True(Of("a:alias").Output.Length <= LocalState.AliasOutputMax);
    }

    [Fact]
    public void An_alias_of_another_node_is_not_settled_here()
    {
        PutService("web");
        Put("alias", Alias("web") with { AliasNode = "n2" }, status: CheckStatus.Warning);
        Assert.Equal(CheckStatus.Warning, Of("alias").Status);
        Put("own", Alias("web") with { AliasNode = "N1" });
        Assert.Equal(CheckStatus.Passing, Of("own").Status);
    }

    public void Dispose() => _state.Dispose();

    private static CheckDefinition Alias(string service) => new() { Name = "alias", AliasService = service };

    private (CheckStatus Status, string Output) Of(string id)
    {
        LocalCheck check = _state.Current.Checks[id];
        return (check.Status, check.Output);
    }

    private void PutService(string id) => _state.PutService(new ServiceDefinition { Id = id, Name = id }, RegistrationSource.Api, []);

    private void Put(string id, CheckDefinition? definition = null, string serviceId = "", CheckStatus status = CheckStatus.Critical) =>
        Assert.Null(_state.PutCheck(new LocalCheck { Id = id, Name = id, Definition = definition, ServiceId = serviceId, Status = status, Source = RegistrationSource.Api }));
}
