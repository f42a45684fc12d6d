namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>The signals that configurations may name, with their numbers on Linux.</summary>
public static class SignalNames
{
    /// <summary>No signal at all: for a <c>reload_signal</c> it means a restart.</summary>
    public const int None = 0;

    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Alarm = 14;
    public const int Terminate = 15;

    private static readonly (string Name, int Number)[] _signals =
    [
        ("SIGABRT", 6), ("SIGALRM", Alarm), ("SIGBUS", 7), ("SIGCONT", 18), ("SIGFPE", 8), ("SIGHUP", Hangup), ("SIGILL", 4),
        ("SIGINT", Interrupt), ("SIGIO", 29), ("SIGIOT", 6), ("SIGKILL", Kill), ("SIGNULL", None), ("SIGPIPE", 13), ("SIGPROF", 27),
        ("SIGQUIT", Quit), ("SIGSEGV", 11), ("SIGSTOP", 19), ("SIGSYS", 31), ("SIGTERM", Terminate), ("SIGTRAP", 5), ("SIGTSTP", 20),
        ("SIGTTIN", 21), ("SIGTTOU", 22), ("SIGUSR1", User1), ("SIGUSR2", User2), ("SIGWINCH", 28), ("SIGXCPU", 24), ("SIGXFSZ", 25),
    ];

    /// <summary>Reads a name in any case. An empty one is <see cref="None"/>.</summary>
    /// <param name="name">Such as <c>SIGHUP</c>.</param>
    /// <param name="number">Zero when refused.</param>
    /// <param name="error">Empty when accepted.</param>
    public static bool TryParse(string name, out int number, out string error)
    {
        error = string.Empty;
        number = None;
        if (name.Length == 0)
        {
            return true;
        }

        foreach ((string known, int value) in _signals)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                number = value;
                return true;
            }
        }

        error = $"invalid signal \"{name}\" - valid signals are [{string.Join(' ', _signals.Select(static s => s.Name))}]";
        return false;
    }

    /// <summary>The name of a number, or the number for one without.</summary>
    public static string NameOf(int number)
    {
        foreach ((string name, int value) in _signals)
        {
            if (value == number)
            {
                return name;
            }
        }

        return System.Globalization.CultureInfo.InvariantCulture.TextInfo.ToUpper($"signal {number}");
    }
}
