using System.Runtime.InteropServices;
using K8sConsul.Chaos;
using K8sConsul.Chaos.Cluster;

if (args is ["--help" or "-h" or "help"])
{
    Console.WriteLine(ChaosOptions.Usage);
    return 0;
}

if (ChaosOptions.TryParse(args, out string error) is not { } options)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(ChaosOptions.Usage);
    return 2;
}

if ((Network.WhyAbsent() ?? await Network.WhyRefusedAsync()) is { } reason)
{
    Console.Error.WriteLine(reason);
    return 2;
}

using var stop = new CancellationTokenSource();

// Told to stop, the run ends early but in order: nothing of it stays behind in the system.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await ChaosRun.RunAsync(options, Console.Out, stop.Token) ? 0 : 1;
}
catch (ChaosException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
