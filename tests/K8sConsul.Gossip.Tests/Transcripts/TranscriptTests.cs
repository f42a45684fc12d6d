using System.Runtime.CompilerServices;

namespace K8sConsul.Gossip.Tests.Transcripts;

/// <summary>
/// Scripts under Testdata/transcripts with the node's own account of what it did. Set K8SCONSUL_REWRITE=1 to write them anew, and
/// review the difference.
/// </summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names() =>
    [
        .. typeof(TranscriptTests).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Testdata/transcripts/", StringComparison.Ordinal))
            .Select(name => name["Testdata/transcripts/".Length..]).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Node_does_what_the_transcript_says(string name)
    {
        string expected = TestFiles.Text("transcripts/" + name);

        string actual = TranscriptRunner.Play(expected.TrimEnd('\n').Split('\n'));

        if (Environment.GetEnvironmentVariable("K8SCONSUL_REWRITE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "..", "Testdata", "transcripts", name), actual);
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
