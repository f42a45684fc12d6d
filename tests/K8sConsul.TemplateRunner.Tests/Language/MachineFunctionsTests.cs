using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Language;
using K8sConsul.Tests;

namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>Functions that touch the machine: when they do, and what they refuse.</summary>
public sealed class MachineFunctionsTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void A_file_is_written_with_its_mode_and_only_when_nothing_is_missing()
    {
        string path = _folder.Path("deep/er/file");
        string template = $"{{{{key \"b\" | writeToFile \"{path}\" \"\" \"\" \"0600\"}}}}";
        RenderOutcome outcome = Render(template, KnownData.Sample);
        Assert.Equal(["kv.block(b)"], outcome.Missing.Select(static dependency => dependency.ToString()));
        Assert.False(File.Exists(path));
        Assert.True(Render(template, new KnownData { ["kv.block(b)"] = new KeyData("known") }).IsComplete);
        Assert.Equal("known", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_is_replaced_or_added_to()
    {
        string path = _folder.Write("file", "former");
        Render($"{{{{writeToFile \"{path}\" \"\" \"\" \"0644\" \"new\"}}}}", KnownData.Sample);
        Assert.Equal("new", File.ReadAllText(path));
        string row = $"{{{{writeToFile \"{path}\" \"\" \"\" \"0644\" \"append, newline\" \"+\"}}}}";
        Render(row + row, KnownData.Sample);
        Assert.Equal("new+\n+\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        string path = _folder.Path("file");
        var source = new TemplateSource { Text = $"{{{{writeToFile \"{path}\" \"\" \"\" \"0644\" \"x\"}}}}", IsDry = true };
        Assert.True(new GoTemplateEngine(TestHost.Sample).Parse(source).Render(KnownData.Sample, TestContext.Current.CancellationToken).IsComplete);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("folder/file")]
    [InlineData("nowhere")]
    public void Symbolic_links_are_not_followed(string name)
    {
        string target = _folder.Write("real/file", "kept");
        File.CreateSymbolicLink(_folder.Path("link"), target);
        File.CreateSymbolicLink(_folder.Path("nowhere"), _folder.Path("absent"));
        Directory.CreateSymbolicLink(_folder.Path("folder"), _folder.Path("real"));
        foreach (string flags in new[] { "", "append" })
        {
            RenderOutcome outcome = Render($"{{{{writeToFile \"{_folder.Path(name)}\" \"\" \"\" \"0644\" \"{flags}\" \"x\"}}}}", KnownData.Sample);
            Assert.EndsWith("is a symbolic link", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal("kept", File.ReadAllText(target));
        Assert.False(File.Exists(_folder.Path("absent")));
    }

    [Theory]
    [InlineData("\"\" \"\" \"\" \"0644\" \"x\"", "writeToFile: missing path")]
    [InlineData("\"/x\" \"\" \"\" \"rw\" \"x\"", "writeToFile: \"rw\" is no file mode: octal digits are expected, such as \"0644\"")]
    [InlineData("\"/x\" \"\" \"\" \"0644\" \"apend\" \"x\"", "writeToFile: unknown flag \"apend\": there are append and newline")]
    [InlineData("\"/x\" \"\" \"\" \"0644\"", "writeToFile: wrong number of arguments, expected 5 or 6, but got 4")]
    [InlineData("\"/proc/none/x\" \"\" \"\" \"0644\" \"x\"", "writeToFile: open /proc/none/x: no such file or directory")]
    [InlineData("\"/tmp/x\" \"nobody-here\" \"\" \"0644\" \"x\"", "writeToFile: user: unknown user nobody-here")]
    public void A_bad_call_is_told(string arguments, string error)
    {
        Assert.EndsWith(error, Render($"{{{{writeToFile {arguments}}}}}", KnownData.Sample).Error, StringComparison.Ordinal);
    }

    /// <summary>A pipe that the program and its child hold tells by a line that they run, and by its end that both are gone.</summary>
    [Fact]
    public async Task A_plugin_that_takes_too_long_is_killed_with_what_it_has_started()
    {
        var time = new ManualTime();
        string pipe = await PipeAsync();
        IParsedTemplate parsed = Plugin(TestHost.Sample with { Time = time }, $"exec 3> {pipe}; echo up >&3; sleep 600 & wait");
        Task<RenderOutcome> rendering = Task.Run(() => parsed.Render(KnownData.Sample, TestContext.Current.CancellationToken));
        using var reader = new StreamReader(pipe);
        Assert.Equal("up", await reader.ReadLineAsync().WaitAsync(_patience));
        while (!rendering.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.EndsWith("error calling plugin: exec \"sh\": did not finish within 30s", (await rendering).Error, StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadToEndAsync().WaitAsync(_patience));
    }

    [Fact]
    public async Task A_plugin_ends_when_the_runner_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        string pipe = await PipeAsync();
        IParsedTemplate parsed = Plugin(TestHost.Sample, $"exec 3> {pipe}; echo up >&3; sleep 600");
        Task<RenderOutcome> rendering = Task.Run(() => parsed.Render(KnownData.Sample, stop.Token));
        using var reader = new StreamReader(pipe);
        Assert.Equal("up", await reader.ReadLineAsync().WaitAsync(_patience));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rendering.WaitAsync(_patience));
        Assert.Equal("", await reader.ReadToEndAsync().WaitAsync(_patience));
    }

    private static IParsedTemplate Plugin(EngineHost host, string script)
    {
        return new GoTemplateEngine(host).Parse(new TemplateSource { Text = $"{{{{plugin \"sh\" \"-c\" \"{script}\"}}}}" });
    }

    private async Task<string> PipeAsync()
    {
        string pipe = _folder.Path("pipe");
        using System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", [pipe]);
        await made.WaitForExitAsync();
        return pipe;
    }

    private static RenderOutcome Render(string template, IDependencyView view)
    {
        return new GoTemplateEngine(TestHost.Sample).Parse(new TemplateSource { Text = template }).Render(view, TestContext.Current.CancellationToken);
    }
}
