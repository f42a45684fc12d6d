using System.Security.Cryptography;
using System.Text;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>Blocks of the configuration that are the same template: rendered once, written for each.</summary>
internal sealed class TemplateUnit(string id, string name, IReadOnlyList<TemplateConfig> configs, IParsedTemplate parsed, WaitConfig wait)
{
    /// <summary>SHA-256 in hexadecimal of source, contents and destination with a zero byte between.</summary>
    public string Id { get; } = id;

    /// <summary>For logs and errors: the source, or <c>(dynamic)</c>.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<TemplateConfig> Configs { get; } = configs;

    public IParsedTemplate Parsed { get; } = parsed;

    /// <summary>The first block's that says so, else the global one.</summary>
    public WaitConfig Wait { get; } = wait;

    /// <summary>One block that wants it is enough.</summary>
    public bool IsErrorFatal { get; } = configs.Any(static config => config.ErrorFatal);

    /// <summary>Something that it uses has changed since it was executed, or it never was.</summary>
    public bool IsDirty { get; set; } = true;

    /// <summary>Its text was good to be written at least once, whether the file had to change or not.</summary>
    public bool WasRendered { get; set; }

    /// <summary>Someone else asks for its shared dependencies and publishes the answers (de-duplication).</summary>
    public bool IsFollowing { get; set; }

    /// <summary>Null until all templates were rendered once, and where nothing is waited for.</summary>
    public QuiescenceTimer? Timer { get; set; }

    /// <summary>What keeps its watchers running: of the last execution, and of the last good one when that failed.</summary>
    public HashSet<Dependency> Used { get; set; } = [];

    public HashSet<Dependency> UsedWhenGood { get; set; } = [];

    public static string IdOf(TemplateConfig config)
    {
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{config.Source}\0{config.Contents}\0{config.Destination}")));
    }
}
