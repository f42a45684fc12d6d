using System.Text;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>
/// Merges what is configured, the later over the earlier: <c>CT_LOCAL_CONFIG</c>, the files in the order of their flags, the other flags.
/// Environment variables fill what none of them says.
/// </summary>
public static class ConfigReader
{
    private const string LocalConfigVariable = "CT_LOCAL_CONFIG";

    /// <summary>What <c>-h</c> prints, without a line end.</summary>
    /// <param name="program">As it is called: <c>consul template</c> or <c>consul-template</c>.</param>
    public static string Usage(string program)
    {
        return FlagHelp.Of(program);
    }

    /// <param name="arguments">The command's, without its name.</param>
    /// <param name="environment">Null for an absent variable.</param>
    public static ConfigResult Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var flags = new FlagParser();
        string error = flags.Parse(arguments);
        if (error.Length > 0)
        {
            return new ConfigResult { Outcome = ConfigOutcome.FlagRefused, Error = error };
        }

        if (flags.WantsHelp || flags.WantsVersion)
        {
            return new ConfigResult { Outcome = flags.WantsHelp ? ConfigOutcome.Help : ConfigOutcome.Version };
        }

        var settings = new SettingMap();
        List<string> warnings = [];
        if (environment(LocalConfigVariable) is { Length: > 0 } local)
        {
            error = ConfigFiles.ReadText(Encoding.UTF8.GetBytes(local), settings, warnings);
            error = error.Length == 0 ? error : $"{LocalConfigVariable}: {error}";
        }

        foreach (string path in flags.ConfigPaths)
        {
            if (error.Length > 0)
            {
                break;
            }

            error = ConfigFiles.Read(path, settings, warnings);
        }

        if (error.Length > 0)
        {
            return new ConfigResult { Outcome = ConfigOutcome.ConfigRefused, Error = error, Warnings = warnings };
        }

        settings.Merge(flags.Settings);
        RunnerConfig? config = new ConfigBuilder(settings, environment).TryBuild(flags.Dry, out error);
        return config is null
            ? new ConfigResult { Outcome = ConfigOutcome.ConfigRefused, Error = error, Warnings = warnings }
            : new ConfigResult { Outcome = ConfigOutcome.Run, Config = config, Warnings = warnings };
    }
}
