using System.Diagnostics;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>The command's arguments by the rules of Go's flag package: <c>-x v</c>, <c>-x=v</c>, <c>--x=v</c>.</summary>
internal sealed class FlagParser
{
    private readonly List<string> _configPaths = [];

    public SettingMap Settings { get; } = new();

    public IReadOnlyList<string> ConfigPaths => _configPaths;

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    public bool Dry { get; private set; }

    /// <returns>Go's text for the first mistake; empty for none.</returns>
    public string Parse(IReadOnlyList<string> arguments)
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

            string mistake = TakeFlag(argument, arguments, ref next);
            if (mistake.Length > 0 || WantsHelp)
            {
                return mistake;
            }
        }

        return next == arguments.Count ? string.Empty : $"cli: extra args: [{string.Join(' ', arguments.Skip(next).Select(GoText.Quote))}]";
    }

    private string TakeFlag(string argument, IReadOnlyList<string> arguments, ref int next)
    {
        string name = argument[(argument[1] == '-' ? 2 : 1)..];
        if (name.Length == 0 || name[0] is '-' or '=')
        {
            return $"bad flag syntax: {argument}";
        }

        int equals = name.IndexOf('=', StringComparison.Ordinal);
        string? value = equals < 0 ? null : name[(equals + 1)..];
        name = equals < 0 ? name : name[..equals];
        if (FlagTable.Find(name) is not { } flag)
        {
            return $"flag provided but not defined: -{name}";
        }

        if (flag.IsBoolean)
        {
            value ??= "true";
            return GoNumber.TryParseBool(value, out bool on)
                ? Apply(flag, value, on)
                : $"invalid boolean value {GoText.Quote(value)} for -{name}: {GoNumber.BoolError(value)}";
        }

        if (value is null)
        {
            if (next == arguments.Count)
            {
                return $"flag needs an argument: -{name}";
            }

            value = arguments[next++];
        }

        string mistake = Apply(flag, value, on: false);
        return mistake.Length == 0 ? mistake : $"invalid value {GoText.Quote(value)} for flag -{name}: {mistake}";
    }

    private string Apply(FlagDefinition flag, string value, bool on)
    {
        switch (flag.Action)
        {
            case FlagAction.Set:
                return Set(flag, value, on);
            case FlagAction.Append:
                Settings.Append(flag.Path, value);
                return string.Empty;
            case FlagAction.ReadWait:
                return SettingTexts.ReadWait(Settings, flag.Path, value);
            case FlagAction.ReadAuth:
                return SettingTexts.ReadAuth(Settings, flag.Path, value);
            case FlagAction.AddConfig:
                _configPaths.Add(value);
                return string.Empty;
            case FlagAction.AddTemplate:
                string mistake = SettingTexts.ReadTemplate(value, out SettingMap template);
                if (mistake.Length == 0)
                {
                    Settings.AddTemplate(template);
                }

                return mistake;
            case FlagAction.Help:
                WantsHelp = on;
                return string.Empty;
            case FlagAction.Version:
                WantsVersion = on;
                return string.Empty;
            case FlagAction.Dry:
                Dry = on;
                return string.Empty;
            default:
                throw new UnreachableException();
        }
    }

    private string Set(FlagDefinition flag, string value, bool on)
    {
        string mistake = string.Empty;
        switch (flag.Type)
        {
            case SettingType.Flag:
                Settings.Set(flag.Path, on);
                break;
            case SettingType.Text:
                Settings.Set(flag.Path, value);
                break;
            case SettingType.Command:
                Settings.Set(flag.Path, new[] { value });
                break;
            case SettingType.Number:
                if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                {
                    return $"strconv.ParseInt: parsing {GoText.Quote(value)}: invalid syntax";
                }

                Settings.Set(flag.Path, number);
                break;
            case SettingType.Duration:
                if (GoDuration.TryParse(value, out TimeSpan span, out mistake))
                {
                    Settings.Set(flag.Path, span);
                }

                break;
            case SettingType.Signal:
                if (SignalNames.TryParse(value, out int signal, out mistake))
                {
                    Settings.Set(flag.Path, signal);
                }

                break;
            default:
                throw new UnreachableException();
        }

        return mistake;
    }
}
