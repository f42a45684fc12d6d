namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// The <c>consul</c> that these tests start: the published one, which is what people run and starts several times as fast, being
/// native code; the one built beside the tests where none was published since the sources last changed.
/// </summary>
internal static class TestedProgram
{
    private static readonly string[] _sources = ["*.cs", "*.csproj", "*.targets", "*.props"];

    public static string Built { get; } = Path.Combine(AppContext.BaseDirectory, "consul");

    public static string Published { get; } = Checkout.File("artifacts/publish/K8sConsul.Cli/release/consul");

    public static string Find() => File.Exists(Published) && PublishedAt() > ChangedAt() ? Published : Built;

    /// <summary>Published as native code it is one file; for the shared runtime the newest counts, since a project whose sources stayed keeps its time.</summary>
    private static DateTime PublishedAt() => Newest(Path.GetDirectoryName(Published)!, "*", SearchOption.TopDirectoryOnly);

    private static DateTime ChangedAt() =>
        _sources.SelectMany(pattern => new[]
            {
                Newest(Checkout.File("agent"), pattern, SearchOption.AllDirectories),
                Newest(Checkout.Root, pattern, SearchOption.TopDirectoryOnly),
            })
            .Max();

    private static DateTime Newest(string folder, string pattern, SearchOption depth) =>
        Directory.EnumerateFiles(folder, pattern, depth).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(DateTime.MinValue).Max();
}
