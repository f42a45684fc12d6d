namespace K8sConsul.TemplateRunner.Tests;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("k8sconsul-template-").FullName;

    public string Path(string name)
    {
        return System.IO.Path.Combine(_root, name);
    }

    public string Write(string name, string text)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Read(string name)
    {
        return File.ReadAllText(Path(name));
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
    }
}
