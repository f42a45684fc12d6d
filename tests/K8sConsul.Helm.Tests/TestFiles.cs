namespace K8sConsul.Helm.Tests;

/// <summary>Files beside the tests.</summary>
internal static class TestFiles
{
    public static string Chart(string name) => Path.Combine(AppContext.BaseDirectory, "Charts", name);

    public static string ReadTestdata(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Testdata", name));
}
