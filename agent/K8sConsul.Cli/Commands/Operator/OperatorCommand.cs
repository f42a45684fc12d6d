namespace K8sConsul.Cli.Commands.Operator;

/// <summary>What the operator's commands have in common: their own words where others agree.</summary>
internal abstract class OperatorCommand(Terminal terminal) : ClientCommand(terminal, ClientFlagSets.Server)
{
    protected override string ConnectFailedText => "Error initializing client";

    protected override int HelpFlagCode => ExitCode.Success;

    protected override void OnRefused(string error)
    {
        Terminal.Error($"Failed to parse args: {error}");
    }

    protected static string Text(bool value) => value ? "true" : "false";
}
