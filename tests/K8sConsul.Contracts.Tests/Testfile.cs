namespace K8sConsul.Contracts.Tests;

internal static class Testfile
{
    public static string PathOf(string name)
    {
        return Path.Combine(AppContext.BaseDirectory, "Testdata", name);
    }

    public static byte[] Read(string name)
    {
        return File.ReadAllBytes(PathOf(name));
    }
}
