using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Processes;
using K8sConsul.Tests;

namespace K8sConsul.TemplateRunner.Tests.Processes;

/// <summary>With real programs. They say by files, and by pipes of files, how far they are.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly LogList _log = new();
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public async Task A_command_runs_with_its_environment()
    {
        await RunAsync($"printf '%s' \"$FOO-$CONSUL_HTTP_ADDR\" > {_folder.Path("out")}", new EnvConfig { Custom = ["FOO=bar"] });
        Assert.Equal("bar-h:1", _folder.Read("out"));
    }

    [Fact]
    public async Task A_list_is_started_without_a_shell()
    {
        string script = _folder.Write("script", $"#!/bin/sh\nprintf '%s|' \"$@\" > {_folder.Path("out")}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Runner().RunAsync(new ExecConfig { Command = [script, "a b", "$HOME", ""], Timeout = _patience }, CancellationToken.None);
        Assert.Equal("a b|$HOME||", _folder.Read("out"));
    }

    [Theory]
    [InlineData("exit 3", "failed to execute command \"exit 3\": command exited with a non-zero exit status: 3")]
    [InlineData("kill -9 $$", "failed to execute command \"kill -9 $$\": command exited with a non-zero exit status: 137")]
    [InlineData("no-such-program-at-all", "failed to execute command \"no-such-program-at-all\": exec: \"no-such-program-at-all\": executable file not found in $PATH")]
    [InlineData("/no/such/program", "failed to execute command \"/no/such/program\": fork/exec /no/such/program: no such file or directory")]
    public async Task A_failing_command_is_an_error(string command, string error)
    {
        Assert.Equal(error, (await Assert.ThrowsAsync<ProgramFailedException>(() => RunAsync(command))).Message);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed_with_its_group()
    {
        string pipe = Pipe("started");
        Task run = RunAsync($"echo x > {pipe}; sleep 1000; echo never > {_folder.Path("out")}");
        Assert.Equal("x\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(
            $"failed to execute command \"echo x > {pipe}; sleep 1000; echo never > {_folder.Path("out")}\": command did not exit within time limit (30s)",
            (await Assert.ThrowsAsync<ProgramFailedException>(() => run.WaitAsync(_patience))).Message);
        Assert.False(File.Exists(_folder.Path("out")));
    }

    [Fact]
    public async Task A_stop_kills_the_running_command()
    {
        string pipe = Pipe("started");
        using var stop = new CancellationTokenSource();
        Task run = RunAsync($"echo x > {pipe}; sleep 1000", stop: stop.Token);
        await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(_patience));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -15 $$", 143)]
    public async Task A_child_s_own_end_is_told_with_its_code(string command, int code)
    {
        ChildProcess child = Child(new ExecConfig { Command = [command] });
        child.Start();
        Assert.Equal(code, await _ended.Task.WaitAsync(_patience));
        Assert.False(child.IsRunning);
        await child.StopAsync();
    }

    /// <summary>The shell stays between us and the program it runs; only a signal to the group reaches both.</summary>
    [Fact]
    public async Task A_reload_signal_reaches_the_child_behind_its_shell()
    {
        string pipe = Pipe("said");
        string script = _folder.Write("script", $"trap 'echo again > {pipe}' HUP\ntrap 'exit 0' TERM\necho up > {pipe}\nwhile :; do sleep 0.01; done\n");
        ChildProcess child = Child(new ExecConfig { Command = [$"trap : HUP; sh {script}; :"], ReloadSignal = SignalNames.Hangup, KillSignal = SignalNames.Terminate });
        child.Start();
        Assert.Equal("up\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        await child.ReloadAsync(CancellationToken.None);
        Assert.Equal("again\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        Assert.Contains("(child) sent a signal: signal=SIGHUP", _log.Text, StringComparison.Ordinal);
        await child.StopAsync().WaitAsync(_patience);
        Assert.False(child.IsRunning);
        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task A_direct_child_gets_the_reload_signal_and_goes_on()
    {
        string pipe = Pipe("said");
        string script = _folder.Write("script", $"trap 'echo again > {pipe}' HUP\ntrap 'exit 0' TERM\necho up > {pipe}\nwhile :; do sleep 0.01; done\n");
        ChildProcess child = Child(new ExecConfig { Command = ["sh", script], ReloadSignal = SignalNames.Hangup, KillSignal = SignalNames.Terminate });
        child.Start();
        Assert.Equal("up\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        await child.ReloadAsync(CancellationToken.None);
        Assert.Equal("again\n", await File.ReadAllTextAsync(pipe).WaitAsync(_patience));
        Assert.True(child.IsRunning);
        await child.StopAsync().WaitAsync(_patience);
    }

    [Fact]
    public async Task Without_a_reload_signal_the_child_is_started_anew()
    {
        string pipe = Pipe("said");
        ChildProcess child = Child(new ExecConfig { Command = [$"echo $$ > {pipe}; exec sleep 1000"], KillSignal = SignalNames.Terminate });
        child.Start();
        string first = await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        await child.ReloadAsync(CancellationToken.None).WaitAsync(_patience);
        string second = await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        Assert.NotEqual(first, second);
        Assert.False(_ended.Task.IsCompleted);
        await child.StopAsync().WaitAsync(_patience);
    }

    [Fact]
    public async Task A_child_that_does_not_end_is_killed()
    {
        string pipe = Pipe("said");
        ChildProcess child = Child(new ExecConfig { Command = [$"trap '' TERM; echo up > {pipe}; while :; do sleep 1000; done"], KillSignal = SignalNames.Terminate });
        child.Start();
        await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        Task stop = child.StopAsync();
        while (_time.NextDue is null)
        {
            await Task.Yield();
        }

        Assert.False(stop.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(30));
        await stop.WaitAsync(_patience);
        Assert.Contains("(child) killed, for it has not ended in time", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_waits_a_random_part_of_the_splay_and_a_stop_does_not()
    {
        string pipe = Pipe("said");
        ChildProcess child = Child(new ExecConfig { Command = [$"echo $$ > {pipe}; exec sleep 1000"], KillSignal = SignalNames.Terminate, Splay = TimeSpan.FromHours(1) });
        child.Start();
        await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        Task reload = child.ReloadAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(30), _time.NextDue);
        Assert.False(reload.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(30));
        await File.ReadAllTextAsync(pipe).WaitAsync(_patience);
        await reload.WaitAsync(_patience);
        await child.StopAsync().WaitAsync(_patience);
    }

    [Fact]
    public void A_child_that_cannot_start_is_an_error()
    {
        Assert.Equal("child: exec: \"no-such-program\": executable file not found in $PATH", Assert.Throws<ProgramFailedException>(() => Child(new ExecConfig { Command = ["no-such-program"] }).Start()).Message);
    }

    private CommandRunner Runner()
    {
        return new CommandRunner(new ConsulConfig { Address = "h:1" }, _time);
    }

    private Task RunAsync(string command, EnvConfig? environment = null, CancellationToken stop = default)
    {
        return Runner().RunAsync(
            new ExecConfig { Command = [command], Timeout = TimeSpan.FromSeconds(30), Env = environment ?? new EnvConfig() }, stop);
    }

    private ChildProcess Child(ExecConfig config)
    {
        return new ChildProcess(config, new ConsulConfig(), _time, static () => 0.5, code => _ended.TrySetResult(code), _log);
    }

    /// <summary>A named pipe: whoever opens it waits for the other side.</summary>
    private string Pipe(string name)
    {
        string path = _folder.Path(name);
        using var made = System.Diagnostics.Process.Start("mkfifo", path);
        made.WaitForExit();
        return path;
    }
}
