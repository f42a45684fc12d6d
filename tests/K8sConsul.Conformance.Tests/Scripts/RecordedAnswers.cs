using System.Runtime.CompilerServices;
using System.Text;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>
/// The real program's transcript of a script, kept beside it as <c>name.real.txt</c>: for every case a line <c>== title</c>
/// and then what was answered.
/// </summary>
internal static class RecordedAnswers
{
    public static IReadOnlyList<(string Title, string Transcript)> Read(string name)
    {
        string file = Path.Combine(ScriptReader.Folder, name + ".real.txt");
        if (!File.Exists(file))
        {
            return [];
        }

        var cases = new List<(string Title, string Transcript)>();
        foreach (string part in ("\n" + File.ReadAllText(file)).Split("\n== ").Skip(1))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            cases.Add((part[..end], part[(end + 1)..].TrimEnd('\n') + "\n"));
        }

        return cases;
    }

    /// <summary>Writes into the source folder, where the change can be reviewed.</summary>
    public static void Write(string name, IEnumerable<(string Title, string Transcript)> cases)
    {
        var text = new StringBuilder();
        foreach ((string title, string transcript) in cases)
        {
            text.Append("== ").Append(title).Append('\n').Append(transcript).Append('\n');
        }

        File.WriteAllText(Path.Combine(SourceFolder(), name + ".real.txt"), text.ToString().TrimEnd('\n') + "\n");
    }

    private static string SourceFolder([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Testdata");
}
