using System.Globalization;

namespace K8sConsul.Template.Functions;

/// <summary>Consul-template's functions that ask the host: the environment and the time.</summary>
internal static class HostHelpers
{
    public static void AddTo(TemplateFunctions functions, FunctionHost host)
    {
        if (host.Environment is { } environment)
        {
            functions
                .Add("env", (string name) => environment(name) ?? "")
                .Add("envOrDefault", (string name, string fallback) => environment(name) is { Length: > 0 } value ? value : fallback)
                .Add("mustEnv", (string name) => environment(name) is { Length: > 0 } value
                    ? value
                    : throw new TemplateFunctionException($"required environment variable {name} is empty"));
        }

        if (host.Clock is { } clock)
        {
            functions.AddVariadic<string, string>("timestamp", layouts => Timestamp(GoTime.Utc(clock()), layouts));
        }
    }

    private static string Timestamp(GoTime now, IReadOnlyList<string> layouts)
    {
        return layouts switch
        {
            [] => GoTimeLayout.Format(now, GoTimeLayout.Rfc3339),
            ["unix"] => now.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            [string layout] => GoTimeLayout.Format(now, layout),
            _ => throw new TemplateFunctionException($"timestamp: wrong number of arguments, expected 0 or 1, but got {layouts.Count}"),
        };
    }
}
