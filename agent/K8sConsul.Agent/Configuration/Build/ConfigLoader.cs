using K8sConsul.Agent.Configuration.Schema;

namespace K8sConsul.Agent.Configuration;

/// <summary>A configuration with its warnings, or the refusal in Consul's words.</summary>
public sealed class ConfigOutcome
{
    private ConfigOutcome(RuntimeConfig? config, string error, IReadOnlyList<string> warnings)
    {
        Config = config;
        Error = error;
        Warnings = warnings;
    }

    /// <summary>Null when refused.</summary>
    public RuntimeConfig? Config { get; }

    /// <summary>Empty when accepted. Texts of several mistakes end with an empty line.</summary>
    public string Error { get; }

    /// <summary>In the order they came up; also of a refused configuration.</summary>
    public IReadOnlyList<string> Warnings { get; }

    internal static ConfigOutcome Accepted(RuntimeConfig config, IReadOnlyList<string> warnings)
    {
        return new ConfigOutcome(config, string.Empty, warnings);
    }

    internal static ConfigOutcome Refused(string error, IReadOnlyList<string> warnings)
    {
        return new ConfigOutcome(null, error, warnings);
    }
}

/// <summary>Reads all sources, lays them over one another and makes a configuration of them.</summary>
/// <remarks>
/// Order: defaults, those of development mode, lists from flags, files as given, other flags, HCL fragments. Later wins.
/// </remarks>
public sealed class ConfigLoader(ConfigHost host)
{
    public ConfigOutcome Load(ConfigInputs inputs)
    {
        var warnings = new List<string>();
        if (inputs.Format is not ("" or "hcl" or "json"))
        {
            return ConfigOutcome.Refused(BadFormat, warnings);
        }

        if (!ConfigFiles.TryFind(inputs.Paths, inputs.Format, warnings, out List<ConfigSource> files, out string error)
            || !TryMerge(inputs, files, warnings, out Settings settings, out error))
        {
            return ConfigOutcome.Refused(error, warnings);
        }

        try
        {
            var builder = new RuntimeConfigBuilder(settings, host, inputs.DevMode, warnings);
            RuntimeConfig config = builder.Build();
            new ConfigValidation(config, settings, host, warnings).Check(builder.Facts);
            return UnbuiltFeatures.FirstIn(settings) is { } missing
                ? ConfigOutcome.Refused(missing, warnings)
                : ConfigOutcome.Accepted(config, warnings);
        }
        catch (ConfigRefusedException refused)
        {
            return ConfigOutcome.Refused(refused.Message, warnings);
        }
    }

    private const string BadFormat = "config: -config-format must be either 'hcl' or 'json'";

    private static bool TryMerge(
        ConfigInputs inputs, List<ConfigSource> files, List<string> warnings, out Settings settings, out string error)
    {
        settings = Settings.Empty;
        ConfigSource[] defaults = inputs.DevMode ? [ConfigDefaults.Common, ConfigDefaults.Development] : [ConfigDefaults.Common];
        if (!TryAdd(defaults, warnings, ref settings, out error))
        {
            throw new InvalidOperationException($"the built-in defaults are wrong: {error}");
        }

        settings = Settings.Merge(settings, inputs.Flags.Lists);
        if (!TryAdd(files, warnings, ref settings, out error))
        {
            return false;
        }

        settings = Settings.Merge(settings, inputs.Flags.Values);
        return TryAdd([.. inputs.HclFragments.Select((text, index) => ConfigSource.Fragment(index, text))], warnings, ref settings, out error);
    }

    private static bool TryAdd(
        IReadOnlyList<ConfigSource> sources, List<string> warnings, ref Settings settings, out string error)
    {
        error = string.Empty;
        foreach (ConfigSource source in sources)
        {
            if (!source.TryRead(warnings, out Settings later, out error))
            {
                return false;
            }

            settings = Settings.Merge(settings, later);
        }

        return true;
    }
}
