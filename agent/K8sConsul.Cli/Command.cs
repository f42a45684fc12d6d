using K8sConsul.Cli.GoFlags;

namespace K8sConsul.Cli;

/// <summary>One command: its flags, its help, and what it does. Made anew for each run.</summary>
internal abstract class Command
{
    /// <summary>Returned by a run that was asked wrongly: the help follows on the error stream, and the exit code is 1.</summary>
    public const int ShowHelp = -1;

    protected Command(Terminal terminal)
    {
        Terminal = terminal;
    }

    /// <summary>Without a newline at its end.</summary>
    public virtual string Help => FlagText.Help(UsageText, Flags);

    protected Terminal Terminal { get; }

    protected FlagSet Flags { get; } = new();

    /// <summary>What stands above the list of flags.</summary>
    protected abstract string UsageText { get; }

    /// <summary>Of a flag asked for as <c>-h=true</c>, which is too odd for the program's own help.</summary>
    protected virtual int HelpFlagCode => ExitCode.Failure;

    public virtual int Run(IReadOnlyList<string> arguments)
    {
        FlagParseResult parsed = Flags.Parse(arguments);
        if (parsed.IsParsed)
        {
            return Execute(Flags.Arguments);
        }

        if (parsed.Status == FlagParseStatus.Refused)
        {
            Terminal.Error(parsed.Error);
        }

        // The list ends with a newline of its own.
        Terminal.Error(FlagText.Usage(Flags)[..^1]);
        if (parsed.Status == FlagParseStatus.HelpRequested)
        {
            return HelpFlagCode;
        }

        OnRefused(parsed.Error);
        return ExitCode.Failure;
    }

    /// <param name="arguments">What is left when the flags are taken.</param>
    protected abstract int Execute(IReadOnlyList<string> arguments);

    /// <summary>Some commands say once more what was wrong.</summary>
    protected virtual void OnRefused(string error)
    {
    }

    protected int Fail(string message)
    {
        Terminal.Error(message);
        return ExitCode.Failure;
    }
}
