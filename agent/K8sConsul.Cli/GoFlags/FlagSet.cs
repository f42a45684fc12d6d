using K8sConsul.Go;

namespace K8sConsul.Cli.GoFlags;

internal enum FlagParseStatus
{
    Parsed,

    /// <summary><c>-h</c> or <c>-help</c> stood among the flags and no flag has that name.</summary>
    HelpRequested,

    Refused,
}

/// <summary>How parsing ended, with Go's text for what is wrong; empty when parsed.</summary>
internal readonly record struct FlagParseResult(FlagParseStatus Status, string Error)
{
    public bool IsParsed => Status == FlagParseStatus.Parsed;
}

/// <summary>The flags of one command: declared once, then parsed by the rules of Go's flag package and listed in its layout.</summary>
/// <remarks>
/// One or two dashes are the same. Parsing stops at the first argument that is no flag, or after <c>--</c>.
/// </remarks>
internal sealed class FlagSet
{
    // Sorted only when listed: a sorted dictionary is forty methods that no framework image holds compiled, at each start.
    private readonly Dictionary<string, Flag> _flags = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];

    /// <summary>In the byte order of their names, as help and usage list them.</summary>
    public IReadOnlyCollection<Flag> Flags => [.. _flags.Values.OrderBy(flag => flag.Name, StringComparer.Ordinal)];

    /// <summary>What was left when parsing stopped.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    public Flag<bool> Bool(string name, string usage, bool defaultValue = false, FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<bool>(name, usage, defaultValue, FlagKinds.Bool) { Group = group });
    }

    public Flag<string> String(string name, string usage, string defaultValue = "", FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<string>(name, usage, defaultValue, FlagKinds.String) { Group = group });
    }

    public Flag<long> Int(string name, string usage, long defaultValue = 0, FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<long>(name, usage, defaultValue, FlagKinds.Int) { Group = group });
    }

    public Flag<ulong> Uint(string name, string usage, ulong defaultValue = 0, FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<ulong>(name, usage, defaultValue, FlagKinds.Uint) { Group = group });
    }

    public Flag<TimeSpan> Duration(string name, string usage, TimeSpan defaultValue = default, FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<TimeSpan>(name, usage, defaultValue, FlagKinds.Duration) { Group = group });
    }

    /// <summary>A value of Consul's own types: null until given, and strconv's words when wrong.</summary>
    public Flag<T> Optional<T>(string name, string usage, FlagKind<T> kind, FlagGroup group = FlagGroup.Command)
    {
        return Add(new Flag<T>(name, usage, default!, kind) { Group = group });
    }

    public ListFlag<string> Strings(string name, string usage, FlagGroup group = FlagGroup.Command)
    {
        return List<string>(name, usage, FlagKinds.ParseString, group);
    }

    /// <summary>Repeatable <c>key=value</c> pairs.</summary>
    public ListFlag<KeyValuePair<string, string>> Pairs(string name, string usage, FlagGroup group = FlagGroup.Command)
    {
        return List<KeyValuePair<string, string>>(name, usage, FlagKinds.ParsePair, group);
    }

    public ListFlag<T> List<T>(string name, string usage, FlagParser<T> parse, FlagGroup group = FlagGroup.Command)
    {
        return Add(new ListFlag<T>(name, usage, parse) { Group = group });
    }

    public TFlag Add<TFlag>(TFlag flag)
        where TFlag : Flag
    {
        if (!_flags.TryAdd(flag.Name, flag))
        {
            throw new InvalidOperationException($"flag redefined: {flag.Name}");
        }

        return flag;
    }

    /// <summary>Takes flags until one is wrong or none is left. A set is parsed once.</summary>
    public FlagParseResult Parse(IReadOnlyList<string> arguments)
    {
        int next = 0;
        while (next < arguments.Count)
        {
            string argument = arguments[next];
            if (argument.Length < 2 || argument[0] != '-')
            {
                break;
            }

            next++;
            if (argument is "--")
            {
                break;
            }

            FlagParseResult taken = TakeFlag(argument, arguments, ref next);
            if (!taken.IsParsed)
            {
                return taken;
            }
        }

        _arguments.Clear();
        for (; next < arguments.Count; next++)
        {
            _arguments.Add(arguments[next]);
        }

        return new FlagParseResult(FlagParseStatus.Parsed, string.Empty);
    }

    private FlagParseResult TakeFlag(string argument, IReadOnlyList<string> arguments, ref int next)
    {
        string name = argument[(argument[1] == '-' ? 2 : 1)..];
        if (name[0] is '-' or '=')
        {
            return Refused($"bad flag syntax: {argument}");
        }

        int equals = name.IndexOf('=', StringComparison.Ordinal);
        string? value = equals < 0 ? null : name[(equals + 1)..];
        name = equals < 0 ? name : name[..equals];

        if (!_flags.TryGetValue(name, out Flag? flag))
        {
            return name is "help" or "h"
                ? new FlagParseResult(FlagParseStatus.HelpRequested, "flag: help requested")
                : Refused($"flag provided but not defined: -{name}");
        }

        if (flag.IsBoolean)
        {
            return flag.TrySet(value ?? "true", out string reason)
                ? default
                : Refused($"invalid boolean value {GoText.Quote(value ?? "true")} for -{name}: {reason}");
        }

        if (value is null)
        {
            if (next == arguments.Count)
            {
                return Refused($"flag needs an argument: -{name}");
            }

            value = arguments[next++];
        }

        return flag.TrySet(value, out string error)
            ? default
            : Refused($"invalid value {GoText.Quote(value)} for flag -{name}: {error}");
    }

    private static FlagParseResult Refused(string error)
    {
        return new FlagParseResult(FlagParseStatus.Refused, error);
    }
}
