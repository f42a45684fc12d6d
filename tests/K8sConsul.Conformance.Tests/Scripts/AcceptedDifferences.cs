namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>
/// Testdata/accepted.txt: what we answer otherwise on purpose. An entry is a line <c>== script | case</c>, a line
/// <c>reason: …</c>, and the exact difference.
/// </summary>
internal sealed record AcceptedDifference(string Script, string Case, string Reason, IReadOnlyList<string> Lines)
{
    public static IReadOnlyList<AcceptedDifference> All { get; } = Read();

    public static AcceptedDifference? Of(string script, string title) =>
        All.FirstOrDefault(d => d.Script == script && d.Case == title);

    private static List<AcceptedDifference> Read()
    {
        var all = new List<AcceptedDifference>();
        string text = File.ReadAllText(Path.Combine(ScriptReader.Folder, "accepted.txt"));
        foreach (string part in ("\n" + text).Split("\n== ").Skip(1))
        {
            string[] lines = part.TrimEnd('\n').Split('\n');
            string[] head = lines[0].Split(" | ");
            const string Prefix = "reason: ";
            if (head.Length != 2 || lines.Length < 3 || !lines[1].StartsWith(Prefix, StringComparison.Ordinal))
            {
                throw new FormatException($"accepted.txt: not understood: {lines[0]}");
            }

            all.Add(new AcceptedDifference(head[0], head[1], lines[1][Prefix.Length..], lines[2..]));
        }

        return all;
    }
}
