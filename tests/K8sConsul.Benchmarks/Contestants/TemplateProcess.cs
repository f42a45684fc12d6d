using System.Diagnostics;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary><c>consul template</c> of our program, whichever agent it follows: there is no other program to compare with here.</summary>
internal sealed class TemplateProcess : IDisposable
{
    private readonly Process _process;

    private TemplateProcess(Process process) => _process = process;

    public ProcessUsage Usage => ProcessUsage.Of(_process.Id);

    public static TemplateProcess Start(string program, AgentProcess agent, string configurationPath)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (string argument in (string[])["template", "-consul-addr=" + agent.HttpAddress, "-config=" + configurationPath])
        {
            start.ArgumentList.Add(argument);
        }

        return new TemplateProcess(Process.Start(start) ?? throw new BenchmarkException("cannot start " + program));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
