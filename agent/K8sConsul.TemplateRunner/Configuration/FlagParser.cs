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
        var reader = new GoFlagReader(arguments);
        string error;
        while (reader.TryTake(out error))
        {
            error = TakeFlag(reader);
            if (error.Length > 0 || WantsHelp)
            {
                return error;
            }
        }

        string[] rest = [.. reader.Rest];
        return error.Length > 0 || rest.Length == 0 ? error : $"cli: extra args: [{string.Join(' ', rest.Select(GoText.Quote))}]";
    }

    private string TakeFlag(GoFlagReader reader)
    {
        if (FlagTable.Find(reader.Name) is not { } flag)
        {
            return reader.NotDefined;
        }

        if (flag.IsBoolean)
        {
            string word = reader.Value ?? "true";
            return GoNumber.TryParseBool(word, out bool on) ? Apply(flag, word, on) : reader.InvalidBool(word, GoNumber.BoolError(word));
        }

        if (!reader.TryTakeValue(out string value, out string error))
        {
            return error;
        }

        string mistake = Apply(flag, value, on: false);
        return mistake.Length == 0 ? mistake : reader.InvalidValue(value, mistake);
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
