namespace K8sConsul.Go;

/// <summary>
/// Takes flags from arguments by the syntax of Go's flag package: <c>-x v</c>, <c>-x=v</c>, <c>--x=v</c>, where a boolean takes no word
/// after it. What flags there are its caller knows.
/// </summary>
public sealed class GoFlagReader(IReadOnlyList<string> arguments)
{
    private int _next;

    /// <summary>What is left from the first word on that is no flag, or after <c>--</c>.</summary>
    public IEnumerable<string> Rest => arguments.Skip(_next);

    public string Name { get; private set; } = string.Empty;

    /// <summary>What stands after the flag's equals sign; null without one.</summary>
    public string? Value { get; private set; }

    /// <param name="error">Go's text for a word that has no flag's form; else empty.</param>
    /// <returns>Whether there is one more flag.</returns>
    public bool TryTake(out string error)
    {
        error = string.Empty;
        if (_next == arguments.Count || arguments[_next] is not { Length: >= 2 } argument || argument[0] != '-')
        {
            return false;
        }

        _next++;
        if (argument is "--")
        {
            return false;
        }

        string name = argument[(argument[1] == '-' ? 2 : 1)..];
        if (name[0] is '-' or '=')
        {
            error = $"bad flag syntax: {argument}";
            return false;
        }

        int equals = name.IndexOf('=', StringComparison.Ordinal);
        Name = equals < 0 ? name : name[..equals];
        Value = equals < 0 ? null : name[(equals + 1)..];
        return true;
    }

    /// <summary>The value of a flag that is no boolean: its own, or else the next word.</summary>
    /// <param name="value">Empty when there is none.</param>
    /// <param name="error">Go's text when there is none; else empty.</param>
    public bool TryTakeValue(out string value, out string error)
    {
        if (Value is null && _next == arguments.Count)
        {
            value = string.Empty;
            error = $"flag needs an argument: -{Name}";
            return false;
        }

        value = Value ?? arguments[_next++];
        error = string.Empty;
        return true;
    }

    /// <summary>Go's texts for what is wrong with a flag.</summary>
    public string NotDefined => $"flag provided but not defined: -{Name}";

    public string InvalidBool(string value, string reason) => $"invalid boolean value {GoText.Quote(value)} for -{Name}: {reason}";

    public string InvalidValue(string value, string reason) => $"invalid value {GoText.Quote(value)} for flag -{Name}: {reason}";
}
