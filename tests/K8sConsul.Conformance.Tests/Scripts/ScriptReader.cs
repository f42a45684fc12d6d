using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>Reads the notation that Testdata/README.md explains.</summary>
internal static class ScriptReader
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Testdata");

    /// <summary>The names of all scripts, sorted.</summary>
    public static IEnumerable<string> Names() => Directory
        .EnumerateFiles(Folder, "*.txt", SearchOption.AllDirectories)
        .Select(file => Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/'))
        .Where(name => name.Contains('/', StringComparison.Ordinal) && !name.EndsWith(".real", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static Script Read(string name) => Parse(name, File.ReadAllLines(Path.Combine(Folder, name + ".txt")));

    internal static Script Parse(string name, IReadOnlyList<string> lines)
    {
        string mode = "dev";
        string config = string.Empty;
        var cases = new List<ScriptCase>();
        List<ScriptStep>? steps = null;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].TrimEnd();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                steps = [];
                cases.Add(new ScriptCase(line[3..], steps));
            }
            else if (steps is null)
            {
                (string word, string rest) = Split(line, ' ');
                (mode, config) = word switch
                {
                    "mode" => (rest, config),
                    "config" => (mode, rest),
                    _ => throw Wrong(name, i, line),
                };
            }
            else if (line[0] is '|' or ':')
            {
                ScriptStep step = steps.Count > 0 ? steps[^1] : throw Wrong(name, i, line);
                string rest = line.Length > 2 ? line[2..] : string.Empty;
                if (line[0] == '|')
                {
                    step.BodyLines.Add(rest);
                }
                else if (!TryDirect(step, rest))
                {
                    throw Wrong(name, i, line);
                }
            }
            else if (char.IsAsciiLetterUpper(line[0]) && line.Contains(' ', StringComparison.Ordinal) && !line.Split(' ')[0].EndsWith(':'))
            {
                (string method, string target) = Split(line, ' ');
                steps.Add(new ScriptStep { Method = method, Target = target });
            }
            else if (steps.Count > 0 && line.Contains(": ", StringComparison.Ordinal))
            {
                (string header, string value) = Split(line, ':');
                steps[^1].Headers.Add(new(header, value.Trim()));
            }
            else
            {
                throw Wrong(name, i, line);
            }
        }

        return new Script(name, mode, config, cases);
    }

    private static bool TryDirect(ScriptStep step, string directive)
    {
        (string word, string rest) = Split(directive, ' ');
        switch (word)
        {
            case "until":
                step.Until = rest;
                return true;
            case "capture":
                // capture sid = body 0/ID
                string[] parts = rest.Split(' ', 4);
                if (parts is not [string name, "=", "body" or "header", _])
                {
                    return false;
                }

                step.Captures.Add((name, parts[2], parts[3]));
                return true;
            case "mask":
                step.Masks.Add(rest);
                return true;
            case "slow":
                step.Slow = GoDuration.TryParse(rest, out GoDuration least, out _) ? TimeSpan.FromTicks(least.Nanoseconds / 100) : null;
                return step.Slow is not null;
            case "background":
                step.Background = rest;
                return true;
            case "save":
                step.Save = rest;
                return true;
            case "shape":
                step.Shape = [.. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
                return true;
            case "body":
                step.MadeBody = Split(rest, ' ');
                return true;
            case "chunked":
                return step.Chunked = true;
            case "sort":
                return step.Sort = true;
            case "binary":
                return step.Binary = true;
            case "status":
                return step.StatusOnly = true;
            case "stream":
                return step.Stream = true;
            default:
                return false;
        }
    }

    private static (string Head, string Tail) Split(string text, char separator)
    {
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, string.Empty) : (text[..at], text[(at + 1)..]);
    }

    private static FormatException Wrong(string name, int line, string text) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}.txt:{line + 1}: not understood: {text}"));
}
