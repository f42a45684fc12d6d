using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace K8sConsul.Filter.Tests;

/// <summary>
/// Testdata/health.txt: expressions with the real Consul's answers to them, one JSON text each per line:
/// <c>? expression</c>, then <c>= ids of the rows kept</c> or <c>! error text without the prefix</c>.
/// </summary>
internal static class RecordedAnswers
{
    private static string FileName => Path.Combine(AppContext.BaseDirectory, "Testdata", "health.txt");

    public static List<(string Expression, string Answer)> Read()
    {
        var answers = new List<(string, string)>();
        string? expression = null;
        foreach (string line in File.ReadLines(FileName))
        {
            if (line.StartsWith("? ", StringComparison.Ordinal))
            {
                expression = JsonSerializer.Deserialize<string>(line[2..]);
            }
            else if (line.Length > 0 && line[0] is '=' or '!')
            {
                answers.Add((expression!, $"{line[0]} {JsonSerializer.Deserialize<string>(line[2..])}"));
            }
        }

        return answers;
    }

    public static void Write(IEnumerable<(string Expression, string Answer)> answers, [CallerFilePath] string source = "")
    {
        var options = new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var text = new StringBuilder();
        foreach ((string expression, string answer) in answers)
        {
            text.Append("? ").Append(JsonSerializer.Serialize(expression, options)).Append('\n');
            text.Append(answer[0]).Append(' ').Append(JsonSerializer.Serialize(answer[2..], options)).Append('\n');
        }

        File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Testdata", "health.txt"), text.ToString());
    }
}
