using Microsoft.Extensions.Logging;

namespace K8sConsul.Logging;

/// <summary>How loggers whose category is the name of a type appear in a program's log.</summary>
/// <param name="NameOf">From the category to what lines show.</param>
/// <param name="FloorOf">The least level that a category's lines need to be of interest to an operator.</param>
public sealed record LogNaming(Func<string, string> NameOf, Func<string, LogLevel> FloorOf)
{
    public static LogNaming AsIs { get; } = new(static category => category, static _ => LogLevel.Trace);
}
