using K8sConsul.Posix;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Processes;

namespace K8sConsul.TemplateRunner.Tests.Processes;

public sealed class PosixSignalsTests
{
    /// <summary>With real signals to this process, which would end it otherwise.</summary>
    [Theory]
    [InlineData(SignalNames.User1)]
    [InlineData(SignalNames.User2)]
    [InlineData(SignalNames.Hangup)]
    [InlineData(SignalNames.Alarm)]
    public async Task Signals_are_brought_and_do_nothing_else(int signal)
    {
        using var signals = new PosixSignals();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.True(Programs.Signal(Environment.ProcessId, signal, toGroup: false));
        Assert.Equal(signal, await signals.NextAsync(limit.Token));
    }

    [Theory]
    [InlineData("sighup", 1)]
    [InlineData("SIGUSR1", 10)]
    [InlineData("SIGNULL", 0)]
    [InlineData("", 0)]
    public void Names_have_any_case(string name, int number)
    {
        Assert.True(SignalNames.TryParse(name, out int parsed, out _));
        Assert.Equal(number, parsed);
    }

    [Theory]
    [InlineData(15, "SIGTERM")]
    [InlineData(6, "SIGABRT")]
    [InlineData(99, "SIGNAL 99")]
    public void Numbers_have_names(int number, string name)
    {
        Assert.Equal(name, SignalNames.NameOf(number));
    }
}
