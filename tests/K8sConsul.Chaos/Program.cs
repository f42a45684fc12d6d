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

if (Network.WhyAbsent() is { } reason)
{
    Console.Error.WriteLine(reason);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    return await ChaosRun.RunAsync(options, Console.Out, stop.Token) ? 0 : 1;
}
catch (ChaosException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
