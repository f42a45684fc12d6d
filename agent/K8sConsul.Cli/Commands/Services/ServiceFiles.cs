using K8sConsul.Agent.Configuration;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>Service definitions out of configuration files.</summary>
/// <remarks>They are read as the agent reads its own, in development mode, which has a default for all that such files leave out.</remarks>
internal static class ServiceFiles
{
    /// <param name="paths">Files, or folders of them.</param>
    /// <param name="terminal">Hears the warnings.</param>
    /// <param name="error">Consul's text; empty when all are loaded.</param>
    /// <returns>In the order of the arguments; in one file <c>services</c> go before <c>service</c>. Null when any is refused.</returns>
    public static List<ServiceRegistration>? TryLoad(IReadOnlyList<string> paths, Terminal terminal, out string error)
    {
        ConfigOutcome outcome = new ConfigLoader(ConfigHost.System()).Load(new ConfigInputs { DevMode = true, Paths = paths });
        if (outcome.Config is null)
        {
            error = $"Error: {outcome.Error}";
            return null;
        }

        foreach (string warning in outcome.Warnings)
        {
            terminal.Error(warning);
        }

        error = string.Empty;
        return outcome.Config.ServiceDefinitions.Select(ServiceBodies.Of).ToList();
    }
}
