using System.Text;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Processes;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>Reads and parses the templates of a configuration.</summary>
internal static class UnitLoader
{
    /// <summary>A template is written by hand.</summary>
    private const int SourceBytesMax = 64 * 1024 * 1024;

    private const string DynamicName = "(dynamic)";

    /// <param name="config">Checked.</param>
    /// <param name="engine">The language.</param>
    /// <param name="error">The first mistake; empty for none.</param>
    /// <returns>In the order of first mention; equal templates are one. Null when refused.</returns>
    public static IReadOnlyList<TemplateUnit>? TryLoad(RunnerConfig config, ITemplateEngine engine, out string error)
    {
        List<TemplateUnit> units = [];
        IReadOnlyList<KeyValuePair<string, string>> environment = ChildEnvironment.OfConsul(config.Consul);
        error = string.Empty;
        foreach (IGrouping<string, TemplateConfig> same in config.Templates.GroupBy(TemplateUnit.IdOf, StringComparer.Ordinal))
        {
            TemplateConfig[] configs = [.. same];
            TemplateConfig first = configs[0];
            string? text = first.Contents.Length > 0 ? first.Contents : ReadSource(first.Source, out error);
            if (text is null)
            {
                return null;
            }

            string name = first.Contents.Length > 0 ? DynamicName : first.Source;
            try
            {
                units.Add(new TemplateUnit(same.Key, name, configs, engine.Parse(SourceOf(first, text, environment, config.Dry)), WaitOf(configs, config.Wait)));
            }
            catch (TemplateRefusedException refused)
            {
                error = $"{name}: parse: {refused.Message}";
                return null;
            }
        }

        return units;
    }

    private static string? ReadSource(string path, out string error)
    {
        byte[]? bytes = GoFile.TryReadAll(path, SourceBytesMax, out error);
        if (bytes is null)
        {
            error = $"failed to read template: {error}";
            return null;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static TemplateSource SourceOf(
        TemplateConfig config, string text, IReadOnlyList<KeyValuePair<string, string>> environment, bool isDry)
    {
        return new TemplateSource
        {
            Path = config.Source,
            Text = text,
            LeftDelimiter = config.LeftDelimiter,
            RightDelimiter = config.RightDelimiter,
            ErrorOnMissingKey = config.ErrorOnMissingKey,
            FunctionDenylist = config.FunctionDenylist,
            SandboxPath = config.SandboxPath,
            Environment = environment,
            IsDry = isDry,
            MinInstances = config.MinInstances,
            KeepLastOnEmpty = config.KeepLastOnEmpty,
        };
    }

    private static WaitConfig WaitOf(IEnumerable<TemplateConfig> configs, WaitConfig common)
    {
        return configs.Select(static config => config.Wait).FirstOrDefault(static wait => wait is not null) ?? common;
    }
}
