using K8sConsul.Go;

namespace K8sConsul.Cli.GoFlags;

/// <summary>Where the help text lists a flag.</summary>
internal enum FlagGroup
{
    Command,

    /// <summary>How the agent is reached and asked: listed first, under its own heading.</summary>
    HttpApi,
}

/// <summary>Reads a flag's value.</summary>
/// <param name="text">As given on the command line.</param>
/// <param name="value">Meaningful only when accepted.</param>
/// <param name="error">The reason, which is shown after <c>invalid value "x" for flag -name: </c>.</param>
internal delegate bool FlagParser<T>(string text, out T value, out string error);

/// <summary>One declared flag: what is known before parsing, and whether it was given.</summary>
internal abstract class Flag
{
    protected Flag(string name, string usage)
    {
        // Go's parser could never match such a name, so declaring it is a mistake of ours.
        if (name.Length == 0 || name[0] is '-' or '=')
        {
            throw new ArgumentException($"flag name {GoText.Quote(name)} can never be given", nameof(name));
        }

        Name = name;
        Usage = usage;
    }

    public string Name { get; }

    /// <summary>The description. A word in back quotes names the value in help and usage.</summary>
    public string Usage { get; }

    /// <summary>The word for the value where the description names none; empty for booleans, which take none.</summary>
    public string TypeWord { get; protected init; } = "value";

    /// <summary>Given without a value it means true, and a value is taken only after <c>=</c>.</summary>
    public bool IsBoolean { get; protected init; }

    /// <summary>What <c>(default …)</c> shows in the usage list; null where the default is the type's zero.</summary>
    public string? DefaultText { get; protected init; }

    public FlagGroup Group { get; init; }

    /// <summary>Whether the command line had it, even if with the default's value.</summary>
    public bool IsSet { get; private protected set; }

    /// <summary>Takes one occurrence. Called once for each time the flag is given, in order.</summary>
    internal abstract bool TrySet(string text, out string error);

    /// <summary>The value's name and the description without its back quotes.</summary>
    internal (string ValueName, string Description) Unquote()
    {
        int open = Usage.IndexOf('`', StringComparison.Ordinal);
        int close = open < 0 ? -1 : Usage.IndexOf('`', open + 1);
        if (close < 0)
        {
            return (TypeWord, Usage);
        }

        string name = Usage[(open + 1)..close];
        return (name, string.Concat(Usage.AsSpan(0, open), name, Usage.AsSpan(close + 1)));
    }
}

/// <summary>A flag whose last occurrence wins.</summary>
internal sealed class Flag<T> : Flag
{
    private readonly FlagParser<T> _parse;

    internal Flag(string name, string usage, T defaultValue, FlagKind<T> kind)
        : base(name, usage)
    {
        _parse = kind.Parse;
        Value = defaultValue;
        TypeWord = kind.TypeWord;
        IsBoolean = kind.IsBoolean;
        DefaultText = kind.Describe(defaultValue);
    }

    /// <summary>The default until parsed.</summary>
    public T Value { get; private set; }

    internal override bool TrySet(string text, out string error)
    {
        if (!_parse(text, out T value, out error))
        {
            return false;
        }

        Value = value;
        IsSet = true;
        return true;
    }
}

/// <summary>A flag that may be given many times; every occurrence counts, in order.</summary>
internal sealed class ListFlag<T> : Flag
{
    private readonly FlagParser<T> _parse;
    private readonly List<T> _values = [];

    internal ListFlag(string name, string usage, FlagParser<T> parse)
        : base(name, usage)
    {
        _parse = parse;
    }

    public IReadOnlyList<T> Values => _values;

    internal override bool TrySet(string text, out string error)
    {
        if (!_parse(text, out T value, out error))
        {
            return false;
        }

        _values.Add(value);
        IsSet = true;
        return true;
    }
}
