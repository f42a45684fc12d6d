using System.Runtime.InteropServices;
using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands;

internal sealed class MonitorCommand : ClientCommand
{
    private const int BufferBytes = 16 * 1024;

    private readonly Flag<bool> _logJson;
    private readonly Flag<string> _logLevel;

    public MonitorCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Client)
    {
        _logJson = Flags.Bool("log-json", "Lines of JSON.");
        _logLevel = Flags.String("log-level", "The least severe level to show.", "INFO");
    }

    protected override string UsageText => """
        Usage: consul monitor [options]

          Shows the agent's log as it is written, until interrupted. The level is
          this command's own: an agent that logs at INFO can be watched at DEBUG.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        try
        {
            using ConsulStream log = client.Open(AgentApi.Monitor(_logLevel.Value, _logJson.Value));
            return Follow(log);
        }
        catch (ConsulException failure)
        {
            return Fail($"Error starting {(_logJson.Value ? "JSON " : string.Empty)}monitor: {failure.Message}");
        }
    }

    private int Follow(ConsulStream log)
    {
        // Being interrupted is how this command ends well. The thread may be waiting for the agent, so the process just ends.
        InheritedSignals.StopIgnoring(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndWell);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndWell);
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int count;
            while ((count = log.Body.Read(buffer)) > 0)
            {
                Terminal.Print(buffer.AsSpan(0, count));
            }
        }
        catch (Exception failure) when (failure is (IOException and not OutputClosedException) or InvalidDataException)
        {
            // The agent went away in the middle of a line; that is said below like any other end.
        }

        Terminal.Print(string.Empty);
        Terminal.Print("Remote side ended the monitor! This usually means that the\nremote side has exited or crashed.");
        return ExitCode.Failure;
    }

    private static void EndWell(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Environment.Exit(ExitCode.Success);
    }
}
