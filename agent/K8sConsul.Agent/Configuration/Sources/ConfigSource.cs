using System.Globalization;
using System.Text;
using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration;

/// <summary>One text with settings. Its name is a path, or the flag that carried it; error texts begin with it.</summary>
internal sealed record ConfigSource(string Name, bool IsJson, ReadOnlyMemory<byte> Data)
{
    /// <summary>Keys that only the commercial edition follows; Consul warns and goes on.</summary>
    private static readonly string[] _enterpriseKeys =
    [
        "acl.msp_disable_bootstrap", "acl.tokens.managed_service_provider", "audit", "autopilot.disable_upgrade_migration",
        "autopilot.redundancy_zone_tag", "autopilot.upgrade_version_tag", "dns_config.prefer_namespace", "non_voting_server",
        "read_replica",
    ];

    public static ConfigSource Fragment(int index, string text)
    {
        return new ConfigSource(
            string.Create(CultureInfo.InvariantCulture, $"flags-{index}.hcl"), IsJson: false, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Reads the text. An empty one says nothing and is no mistake.</summary>
    public bool TryRead(List<string> warnings, out Settings settings, out string error)
    {
        settings = Settings.Empty;
        error = string.Empty;
        if (Data.IsEmpty)
        {
            return true;
        }

        ParseOutcome outcome = IsJson ? JsonParser.Parse(Data.Span) : HclParser.Parse(Data.Span);
        string mistake = outcome.Error;
        IReadOnlyList<string> unknownKeys = [];
        if (outcome.Root is not null)
        {
            settings = SettingsDecoder.Decode(outcome.Root, AgentSchema.Root, out unknownKeys, out mistake);
        }

        var mistakes = new ErrorList();
        foreach (string key in unknownKeys)
        {
            if (key is "acl_enforce_version_8")
            {
                warnings.Add($"config key {GoText.Quote(key)} is deprecated and should be removed");
                continue;
            }

            mistakes.Add($"invalid config key {key}");
        }

        mistake = mistake.Length == 0 && mistakes.Any ? mistakes.ToString() : mistake;
        if (mistake.Length > 0)
        {
            error = $"failed to parse {Name}: {mistake}";
            return false;
        }

        foreach (string key in _enterpriseKeys.Where(settings.HasPath))
        {
            warnings.Add($"{GoText.Quote(key)} is a Consul Enterprise configuration and will have no effect");
        }

        settings = WithSinglesInLists(settings);
        return true;
    }

    /// <summary>Every file may have a <c>check</c> and a <c>service</c> of its own, so that they must not replace each other.</summary>
    private static Settings WithSinglesInLists(Settings settings)
    {
        foreach ((string single, string list) in new[] { ("check", "checks"), ("service", "services") })
        {
            if (settings.Raw(single) is not Settings one)
            {
                continue;
            }

            var items = new List<object>();
            if (settings.Raw(list) is List<object> given)
            {
                items.AddRange(given);
            }

            items.Add(one);
            settings.Set(list, items);
            settings.Remove(single);
        }

        return settings;
    }
}
