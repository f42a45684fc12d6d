using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Language;

namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>Goal: what lies outside of the sandbox is not read, however its path is spelt.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-sandbox-").FullName;

    public SandboxTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in", "deep"));
        Directory.CreateDirectory(Path.Combine(_folder, "inside"));
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "out"), Path.Combine(_folder, "inside"));
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "up"), "../inside");
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "home"), "deep");
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "round"), "about");
        File.CreateSymbolicLink(Path.Combine(_folder, "in", "about"), "round");
        File.CreateSymbolicLink(Path.Combine(_folder, "alias"), Path.Combine(_folder, "in"));
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("in/x", true)]
    [InlineData("in/deep/x", true)]
    [InlineData("in/home/x", true)]
    [InlineData("alias/x", true)]
    [InlineData("in/deep/../x", true)]
    [InlineData("x", false)]
    [InlineData("inside/x", false)]
    [InlineData("in/../x", false)]
    [InlineData("in/out/x", false)]
    [InlineData("in/up/x", false)]
    [InlineData("in/round/x", false)]
    public void A_path_lies_within_or_not(string path, bool expected)
    {
        Assert.Equal(expected, Sandbox.Holds(Path.Combine(_folder, "in"), Path.Combine(_folder, path)));
        Assert.Equal(expected, Sandbox.Holds(Path.Combine(_folder, "alias"), Path.Combine(_folder, path)));
    }

    [Fact]
    public void A_file_outside_is_refused()
    {
        var source = new TemplateSource { Text = """{{file "/etc/x"}}""", SandboxPath = _folder };
        RenderOutcome outcome = new GoTemplateEngine(TestHost.Sample).Parse(source).Render(KnownData.Sample, TestContext.Current.CancellationToken);
        Assert.EndsWith("error calling file: '/etc/x' is outside of sandbox", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Used);
    }
}
