using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Cli.GoFlags;

/// <summary>How a type of flag is read, named in usage and shown as a default.</summary>
/// <remarks>Describe gives the text of <c>(default …)</c>, or null for the type's zero.</remarks>
internal sealed record FlagKind<T>(FlagParser<T> Parse, string TypeWord, Func<T, string?> Describe, bool IsBoolean = false);

/// <summary>
/// The types of Go's flag package. Their errors are the bare <c>parse error</c> and <c>value out of range</c>;
/// the types that Consul adds show strconv's words instead, and scripts match on either.
/// </summary>
internal static class FlagKinds
{
    public static FlagKind<bool> Bool { get; } = new(
        ParseBool, string.Empty, value => value ? "true" : null, IsBoolean: true);

    public static FlagKind<string> String { get; } = new(
        ParseString, "string", value => value.Length == 0 ? null : GoText.Quote(value));

    public static FlagKind<long> Int { get; } = new(
        ParseInt, "int", value => value == 0 ? null : value.ToString(CultureInfo.InvariantCulture));

    public static FlagKind<ulong> Uint { get; } = new(
        ParseUint, "uint", value => value == 0 ? null : value.ToString(CultureInfo.InvariantCulture));

    public static FlagKind<TimeSpan> Duration { get; } = new(
        ParseDuration, "duration", value => value == TimeSpan.Zero ? null : GoDuration.Format(value));

    public static FlagKind<bool?> ConsulBool { get; } = new(ParseConsulBool, string.Empty, _ => null, IsBoolean: true);

    public static FlagKind<long?> ConsulInt { get; } = new(ParseConsulInt, "value", _ => null);

    public static FlagKind<ulong?> ConsulUint { get; } = new(ParseConsulUint, "value", _ => null);

    public static FlagKind<string?> ConsulString { get; } = new(ParseConsulString, "value", _ => null);

    public static FlagKind<TimeSpan?> ConsulDuration { get; } = new(ParseConsulDuration, "value", _ => null);

    public static bool ParseString(string text, out string value, out string error)
    {
        value = text;
        error = string.Empty;
        return true;
    }

    /// <summary>A key and a value at the first <c>=</c>, as <c>-meta</c> wants them.</summary>
    public static bool ParsePair(string text, out KeyValuePair<string, string> value, out string error)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        value = at < 0 ? default : new KeyValuePair<string, string>(text[..at], text[(at + 1)..]);
        error = at < 0 ? $"Missing \"=\" value in argument: {text}" : string.Empty;
        return at >= 0;
    }

    private static bool ParseBool(string text, out bool value, out string error)
    {
        bool parsed = GoNumber.TryParseBool(text, out value);
        error = parsed ? string.Empty : "parse error";
        return parsed;
    }

    private static bool ParseInt(string text, out long value, out string error)
    {
        return Accepted(GoNumber.ParseInt(text, out value), out error);
    }

    private static bool ParseUint(string text, out ulong value, out string error)
    {
        return Accepted(GoNumber.ParseUint(text, out value), out error);
    }

    private static bool ParseDuration(string text, out TimeSpan value, out string error)
    {
        bool parsed = GoDuration.TryParse(text, out value, out _);
        error = parsed ? string.Empty : "parse error";
        return parsed;
    }

    private static bool ParseConsulBool(string text, out bool? value, out string error)
    {
        bool parsed = GoNumber.TryParseBool(text, out bool plain);
        value = plain;
        error = parsed ? string.Empty : GoNumber.BoolError(text);
        return parsed;
    }

    private static bool ParseConsulInt(string text, out long? value, out string error)
    {
        NumberOutcome outcome = GoNumber.ParseDecimalInt(text, out long plain);
        value = plain;
        return Accepted(outcome, "Atoi", text, out error);
    }

    private static bool ParseConsulUint(string text, out ulong? value, out string error)
    {
        NumberOutcome outcome = GoNumber.ParseUint(text, out ulong plain);
        value = plain;
        return Accepted(outcome, "ParseUint", text, out error);
    }

    private static bool ParseConsulString(string text, out string? value, out string error)
    {
        value = text;
        error = string.Empty;
        return true;
    }

    private static bool ParseConsulDuration(string text, out TimeSpan? value, out string error)
    {
        bool parsed = GoDuration.TryParse(text, out TimeSpan plain, out error);
        value = plain;
        return parsed;
    }

    private static bool Accepted(NumberOutcome outcome, out string error)
    {
        error = outcome switch
        {
            NumberOutcome.Parsed => string.Empty,
            NumberOutcome.OutOfRange => "value out of range",
            _ => "parse error",
        };
        return outcome == NumberOutcome.Parsed;
    }

    private static bool Accepted(NumberOutcome outcome, string function, string text, out string error)
    {
        error = outcome switch
        {
            NumberOutcome.Parsed => string.Empty,
            NumberOutcome.OutOfRange => $"strconv.{function}: parsing {GoText.Quote(text)}: value out of range",
            _ => $"strconv.{function}: parsing {GoText.Quote(text)}: invalid syntax",
        };
        return outcome == NumberOutcome.Parsed;
    }
}
