using System.Text;

namespace K8sConsul.Agent.Tests.Configuration;

/// <summary>One configuration and what the real program's <c>validate</c> said of it.</summary>
/// <remarks>
/// Verdicts have the lines of the error stream behind an exclamation mark, then those of the output behind an angle. Where this
/// program differs on purpose, the file gives its own verdict with the reason.
/// </remarks>
internal sealed record RecordedCase(string Format, string Source, string Real, string Ours)
{
    private const string Head = "=== ";
    private const string Middle = "--- real";
    private const string Own = "--- ours: ";

    /// <summary>All cases of Testdata/validate.txt.</summary>
    public static IReadOnlyList<RecordedCase> ReadAll()
    {
        var cases = new List<RecordedCase>();
        foreach (string block in File.ReadAllText(Testdata.PathOf("validate.txt"))
            .Split("\n" + Head, StringSplitOptions.RemoveEmptyEntries))
        {
            string text = block.StartsWith(Head, StringComparison.Ordinal) ? block[Head.Length..] : block;
            int line = text.IndexOf('\n', StringComparison.Ordinal);
            int middle = text.IndexOf("\n" + Middle, line, StringComparison.Ordinal);
            string source = middle == line ? string.Empty : text[(line + 1)..middle];
            string[] verdicts = text[(middle + 1 + Middle.Length)..].Split("\n" + Own);
            string real = verdicts[0].Trim('\n');
            string ours = verdicts.Length == 1 ? real : verdicts[1][(verdicts[1].IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim('\n');
            cases.Add(new RecordedCase(text[..line], source, real, ours));
        }

        return cases;
    }

    /// <summary>Both streams in the form of <see cref="Real"/>.</summary>
    public static string Show(string error, string output)
    {
        var text = new StringBuilder();
        Append("! ", error);
        Append("> ", output);
        return text.ToString().TrimEnd('\n');

        void Append(string mark, string stream)
        {
            foreach (string line in stream.TrimEnd('\n').Split('\n').Where(_ => stream.Length > 0))
            {
                text.Append(mark).Append(line).Append('\n');
            }
        }
    }
}
