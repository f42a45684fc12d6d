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
        var reader = new GoFlagReader(arguments);
        string error;
        while (reader.TryTake(out error))
        {
            FlagParseResult taken = TakeFlag(reader);
            if (!taken.IsParsed)
            {
                return taken;
            }
        }

        if (error.Length > 0)
        {
            return Refused(error);
        }

        _arguments.Clear();
        _arguments.AddRange(reader.Rest);
        return new FlagParseResult(FlagParseStatus.Parsed, string.Empty);
    }

    private FlagParseResult TakeFlag(GoFlagReader reader)
    {
        if (!_flags.TryGetValue(reader.Name, out Flag? flag))
        {
            return reader.Name is "help" or "h"
                ? new FlagParseResult(FlagParseStatus.HelpRequested, "flag: help requested")
                : Refused(reader.NotDefined);
        }

        string reason;
        if (flag.IsBoolean)
        {
            string word = reader.Value ?? "true";
            return flag.TrySet(word, out reason) ? default : Refused(reader.InvalidBool(word, reason));
        }

        if (!reader.TryTakeValue(out string value, out string missing))
        {
            return Refused(missing);
        }

        return flag.TrySet(value, out reason) ? default : Refused(reader.InvalidValue(value, reason));
    }

    private static FlagParseResult Refused(string error)
    {
        return new FlagParseResult(FlagParseStatus.Refused, error);
    }
}
