namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>The folders of examples that README.md shows.</summary>
internal static class Examples
{
    public const string Folder = "tests/K8sConsul.EndToEnd.Tests/Templates/Examples";

    /// <summary>A copy to run in; the caller deletes it.</summary>
    public static string Copy(string name)
    {
        string copy = Directory.CreateTempSubdirectory($"k8sconsul-{name}-").FullName;
        foreach (string file in Directory.GetFiles(Checkout.File(Path.Combine(Folder, name))))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }
}
