using K8sConsul.Agent.Configuration;
using K8sConsul.Cli.GoFlags;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary><c>consul validate</c>: judges a complete configuration as the agent would at its start.</summary>
internal sealed class ValidateCommand : Command
{
    private readonly Flag<string> _format;
    private readonly Flag<bool> _quiet;
    private readonly ConfigHost _host;

    public ValidateCommand(Terminal terminal)
        : this(terminal, ConfigHost.System())
    {
    }

    internal ValidateCommand(Terminal terminal, ConfigHost host)
        : base(terminal)
    {
        _host = host;
        _format = Flags.String(
            "config-format", "Config files are in this format irrespective of their extension. Must be 'hcl' or 'json'");
        _quiet = Flags.Bool("quiet", "When given, a successful run will produce no output.");
    }

    protected override string UsageText => """
        Usage: consul validate [options] FILE_OR_DIRECTORY...

          Performs a thorough sanity test on Consul configuration files. For each file
          or directory given, the validate command will attempt to parse the contents
          just as the "consul agent" command would, and catch any errors.

          This is useful to do a test of the configuration only, without actually
          starting the agent. This performs all of the validation the agent would, so
          this should be given the complete set of configuration files that are going
          to be loaded by the agent. This command cannot operate on partial
          configuration fragments since those won't pass the full agent validation.

          Returns 0 if the configuration is valid, or 1 if there are problems.
        """;

    protected override void OnRefused(string error)
    {
        Terminal.Error(error);
    }

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (_format.Value is not ("" or "hcl" or "json"))
        {
            // The missing quote is Consul's.
            return Fail("-config-format must be either 'hcl' or 'json");
        }

        if (arguments.Count == 0)
        {
            return Fail("Must specify at least one config file or directory");
        }

        ConfigOutcome outcome = new ConfigLoader(_host).Load(new ConfigInputs { Paths = arguments, Format = _format.Value });
        if (outcome.Config is null)
        {
            return Fail($"Config validation failed: {outcome.Error}");
        }

        if (_quiet.Value)
        {
            return ExitCode.Success;
        }

        foreach (string warning in outcome.Warnings)
        {
            Terminal.Error(warning);
        }

        Terminal.Print("Configuration is valid!");
        return ExitCode.Success;
    }
}
