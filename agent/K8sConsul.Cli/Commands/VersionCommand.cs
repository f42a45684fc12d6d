using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts;

namespace K8sConsul.Cli.Commands;

internal sealed class VersionCommand : Command
{
    private readonly Flag<string> _format;

    public VersionCommand(Terminal terminal)
        : base(terminal)
    {
        _format = Flags.String("format", "Output format {pretty|json}", "pretty");
    }

    protected override string UsageText => "Usage: consul version [options]";

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        switch (_format.Value)
        {
            case "pretty":
                Terminal.Print($"Consul v{ConsulVersion.Number}\n"
                    + $"Protocol {ConsulVersion.Protocol} spoken by default, understands {ConsulVersion.ProtocolMin} to {ConsulVersion.ProtocolMax} "
                    + $"(agent will automatically use protocol >{ConsulVersion.Protocol} when speaking to compatible agents)\n");
                return ExitCode.Success;
            case "json":
                Terminal.Print($$"""
                    {
                       "Version": "{{ConsulVersion.Number}}",
                       "Revision": "",
                       "Prerelease": "",
                       "RPC": {
                          "Default": {{ConsulVersion.Protocol}},
                          "Min": {{ConsulVersion.ProtocolMin}},
                          "Max": {{ConsulVersion.ProtocolMax}}
                       }
                    }
                    """);
                return ExitCode.Success;
            default:
                return Fail($"Unknown format: {_format.Value}");
        }
    }
}
