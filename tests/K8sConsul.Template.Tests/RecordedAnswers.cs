using System.Text.Json;

namespace K8sConsul.Template.Tests;

/// <summary>
/// Testdata/go.txt: templates with the answers of a real Go (1.19) to them, made by Testdata/recorder: <c>k missingkey</c> if it is
/// not the default, <c>? template</c>, <c>= output</c>, and <c>! error</c> if there was one; JSON texts.
/// </summary>
internal static class RecordedAnswers
{
    public static List<RecordedAnswer> Read()
    {
        var answers = new List<RecordedAnswer>();
        string key = "";
        string template = "";
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Testdata", "go.txt")))
        {
            switch (line)
            {
                case ['k', ' ', ..]:
                    key = line[2..];
                    break;
                case ['?', ' ', ..]:
                    template = JsonSerializer.Deserialize<string>(line[2..])!;
                    break;
                case ['=', ' ', ..]:
                    answers.Add(new RecordedAnswer(template, key, JsonSerializer.Deserialize<string>(line[2..])!, ""));
                    key = "";
                    break;
                case ['!', ' ', ..]:
                    answers[^1] = answers[^1] with { Error = JsonSerializer.Deserialize<string>(line[2..])! };
                    break;
            }
        }

        return answers;
    }
}
