using System.Text;
using K8sConsul.Addresses;
using K8sConsul.Contracts;
using K8sConsul.TemplateRunner;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Language;
using K8sConsul.TemplateRunner.Processes;

namespace K8sConsul.Cli.Commands.Template;

/// <summary><c>consul template</c>, which is <c>consul-template</c> where the program is called by that name.</summary>
internal sealed class TemplateCommand : Command
{
    /// <summary>The release of consul-template whose files and flags are read.</summary>
    private const string CompatibleVersion = "0.42.1";

    private readonly string _program;
    private readonly Func<PosixSignals> _takeSignals;

    /// <param name="terminal">The process.</param>
    /// <param name="program">How it was called, for the help.</param>
    public TemplateCommand(Terminal terminal, string program)
        : this(terminal, program, TakeSignals)
    {
    }

    internal TemplateCommand(Terminal terminal, string program, Func<PosixSignals> takeSignals)
        : base(terminal)
    {
        _program = program;
        _takeSignals = takeSignals;
    }

    public override string Help => ConfigReader.Usage(_program);

    protected override string UsageText => Help;

    /// <summary>Its flags are not those of other commands: <see cref="ConfigReader"/> knows them.</summary>
    public override int Run(IReadOnlyList<string> arguments)
    {
        ConfigResult read = ConfigReader.Read(arguments, Terminal.Environment);
        switch (read.Outcome)
        {
            case ConfigOutcome.Help:
                Terminal.Print(Help);
                return RunnerExit.Success;
            case ConfigOutcome.Version:
                Terminal.Print($"consul-template v{CompatibleVersion} (K8sConsul v{ConsulVersion.Number})");
                return RunnerExit.Success;
            case ConfigOutcome.FlagRefused:
                Terminal.Error(read.Error);
                return RunnerExit.FlagRefused;
            default:
                // The whole runner is asynchronous, and a program's commands are not: this is where the two meet, on the main thread.
                return RunAsync(arguments, read).GetAwaiter().GetResult();
        }
    }

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        return Run(arguments);
    }

    private static PosixSignals TakeSignals()
    {
        InheritedSignals.StopIgnoring([.. PosixSignals.All]);
        return new PosixSignals();
    }

    private async Task<int> RunAsync(IReadOnlyList<string> arguments, ConfigResult read)
    {
        using var log = new TemplateLog(Terminal.ErrorOutput, Terminal.Clock);
        string error = read.Config is null ? read.Error : log.Apply(read.Config.Log);
        foreach (string warning in read.Warnings)
        {
            log.Logger.ConfigWarning(warning);
        }

        if (read.Config is not { } config || error.Length > 0)
        {
            log.Logger.Refused(error);
            return RunnerExit.ConfigRefused;
        }

        log.WarnOfWhatIsNotThere(config);
        log.Logger.Starting(CompatibleVersion, ConsulVersion.Number);
        using PosixSignals signals = _takeSignals();
        var output = new StreamWriter(Terminal.Output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        await using (output)
        {
            var engine = new GoTemplateEngine(new EngineHost
            {
                Time = Terminal.Clock,
                Environment = Terminal.Environment,
                Interfaces = new SystemNetworkInterfaces(),
                Debug = output.Write,
            });
            var program = new ConsulTemplate(engine, signals, output, Terminal.Clock, log.Logger);
            return await program.RunAsync(config, Reread, CancellationToken.None);
        }

        // What the log is to be may have changed too; a log that cannot be is a configuration that is refused.
        ConfigResult Reread()
        {
            ConfigResult again = ConfigReader.Read(arguments, Terminal.Environment);
            if (again.Config is null || log.Apply(again.Config.Log) is not { Length: > 0 } mistake)
            {
                return again;
            }

            return new ConfigResult { Outcome = ConfigOutcome.ConfigRefused, Error = mistake, Warnings = again.Warnings };
        }
    }
}
