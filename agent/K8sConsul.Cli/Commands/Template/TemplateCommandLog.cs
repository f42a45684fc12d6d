using Microsoft.Extensions.Logging;

namespace K8sConsul.Cli.Commands.Template;

/// <summary>The lines of the <c>template</c> command itself.</summary>
internal static partial class TemplateCommandLog
{
    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "consul-template v{Version} (K8sConsul v{Number})")]
    public static partial void Starting(this ILogger logger, string version, string number);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "(config) {Warning}")]
    public static partial void ConfigWarning(this ILogger logger, string warning);

    [LoggerMessage(EventId = 122, Level = LogLevel.Error, Message = "(cli) {Error}")]
    public static partial void Refused(this ILogger logger, string error);
}
