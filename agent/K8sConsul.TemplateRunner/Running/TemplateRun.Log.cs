using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Running;

internal sealed partial class TemplateRun
{
    [LoggerMessage(8861, LogLevel.Information, "(runner) missing data: template={Template} dependencies=\"{Dependencies}\"")]
    private static partial void LogMissing(ILogger logger, string template, string dependencies);

    [LoggerMessage(8862, LogLevel.Debug, "(runner) waiting for changes to end: template={Template} wait={Wait}")]
    private static partial void LogWaiting(ILogger logger, string template, TimeSpan wait);

    [LoggerMessage(8863, LogLevel.Error, "(runner) {Template}: execute: {Error}")]
    private static partial void LogTemplateFailed(ILogger logger, string template, string error);

    [LoggerMessage(8864, LogLevel.Information, "(runner) rendered {Template}: changed={Changed}")]
    private static partial void LogRendered(ILogger logger, string template, bool changed);

    [LoggerMessage(8865, LogLevel.Information, "(runner) executing a command: command=\"{Command}\"")]
    private static partial void LogCommand(ILogger logger, string command);

    [LoggerMessage(8866, LogLevel.Information, "(runner) all templates rendered")]
    private static partial void LogComplete(ILogger logger);

    [LoggerMessage(8867, LogLevel.Information, "(runner) received a signal: signal={Signal}")]
    private static partial void LogSignal(ILogger logger, string signal);

    [LoggerMessage(8869, LogLevel.Error, "(runner) check failed, the former file stays: {Template}: {Error}")]
    private static partial void LogCheckFailed(ILogger logger, string template, string error);

    [LoggerMessage(8868, LogLevel.Warning, "(runner) watching many dependencies, and each is a blocking query that the servers must hold: count={Count}")]
    private static partial void LogMany(ILogger logger, int count);
}
