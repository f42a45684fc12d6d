using System.Runtime.CompilerServices;

namespace K8sConsul.Agent.Tests.Configuration;

/// <summary>Files beside the tests, read from the source tree.</summary>
internal static class Testdata
{
    public static string PathOf(string name, [CallerFilePath] string caller = "")
    {
        return Path.Combine(Path.GetDirectoryName(caller)!, "Testdata", name);
    }
}
