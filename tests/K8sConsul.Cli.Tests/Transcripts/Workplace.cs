namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>A folder with the files that invocations name.</summary>
internal sealed class Workplace : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("k8sconsul-").FullName;

    public static Workplace Create()
    {
        var place = new Workplace();
        string source = Path.Combine(AppContext.BaseDirectory, "Testdata", "services");
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(place.Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        byte[] snapshot = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Testdata", "consul-1.8.7.snap"));
        File.WriteAllBytes(Path.Combine(place.Folder, "empty.snap"), []);
        File.WriteAllBytes(Path.Combine(place.Folder, "short.snap"), snapshot[..20]);
        File.WriteAllBytes(Path.Combine(place.Folder, "cut.snap"), snapshot[..500]);
        return place;
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
    }
}
