using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Logging;
using K8sConsul.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary>Reads the configuration again and hands the process what may change. SIGHUP and the HTTP API both come here.</summary>
internal sealed class AgentReloader(ConfigLoader loader, ConfigInputs inputs, RuntimeConfig config, LogHub log)
{
    // Two reloads at a time would compare with the same running configuration; the later one waits.
    private readonly SemaphoreSlim _one = new(1);
    private readonly ILogger _logger = log.CreateLogger(LogNames.Agent);
    private RuntimeConfig _running = config;

    /// <summary>Set once the process is made, which needs this object to be made itself.</summary>
    public IAgentProcess? Process { get; set; }

    /// <summary>Null, or what is wrong; the agent then runs on as before.</summary>
    public async Task<string?> ReloadAsync(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            ConfigOutcome outcome = loader.Load(inputs);
            if (outcome.Config is null)
            {
                return outcome.Error;
            }

            if (!LogLevels.TryParse(outcome.Config.Log.Level, out LogLevel level))
            {
                return LogLevels.Unknown(outcome.Config.Log.Level);
            }

            foreach (string warning in outcome.Warnings)
            {
                _logger.ConfigWarning(warning);
            }

            var plan = ReloadPlan.Between(_running, outcome.Config);
            await Process!.ReloadAsync(plan, stop);

            // Only now, as a refused reload must change nothing.
            log.Level = level;
            _running = plan.Config;
            return null;
        }
        catch (AgentFailedException failed)
        {
            return failed.Message;
        }
        finally
        {
            _one.Release();
        }
    }
}
