namespace K8sConsul.Server.Tests.Support;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("k8sconsul-server-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
