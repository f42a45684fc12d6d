using System.Text;
using System.Text.RegularExpressions;
using K8sConsul.Cli.Tests.Transcripts;

namespace K8sConsul.Cli.Tests.TemplateCommands;

/// <summary>
/// Goal: what a user sees of <c>consul template</c>, to the letter. Method: Testdata/template.txt is a script of commands with what they
/// print, each <c>$</c> line run in the test's process in a folder of files, beside a small scripted agent. Written anew where
/// K8SCONSUL_REWRITE is set; the difference is then read by whoever did so.
/// </summary>
public sealed partial class TemplateTranscriptTests : IDisposable
{
    private const string RewriteVariable = "K8SCONSUL_REWRITE";

    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-transcript-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_transcript_is_what_the_command_says()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Testdata", "template.txt");
        string[] lines = await File.ReadAllLinesAsync(path);
        await using var agent = new HttpPeer(static request => Task.FromResult(Answer(request)));
        var text = new StringBuilder();
        foreach (string line in lines.Where(static line => line.StartsWith("# ", StringComparison.Ordinal) || line.StartsWith("$ ", StringComparison.Ordinal)))
        {
            if (line[0] == '#')
            {
                text.Append(text.Length == 0 ? "" : "\n").Append(line).Append('\n');
                continue;
            }

            text.Append("\n").Append(line).Append('\n').Append(await RunAsync(line[2..], agent.Address));
        }

        if (Environment.GetEnvironmentVariable(RewriteVariable) is { Length: > 0 } source)
        {
            await File.WriteAllTextAsync(Path.Combine(source, "template.txt"), text.ToString());
        }

        Assert.Equal(string.Join('\n', lines), text.ToString().TrimEnd('\n'));
    }

    /// <summary>A file is made by <c>file NAME TEXT</c> and shown by <c>cat NAME</c>; everything else is the program's.</summary>
    private async Task<string> RunAsync(string command, string address)
    {
        string[] words = [.. Word().Matches(command).Select(static word => Unquote(word.Value))];
        switch (words[0])
        {
            case "file":
                await File.WriteAllTextAsync(Path.Combine(_folder, words[1]), words[2].Replace("\\n", "\n", StringComparison.Ordinal));
                return "";
            case "cat":
                return await File.ReadAllTextAsync(Path.Combine(_folder, words[1]));
            default:
                RunResult result = await Runs.OursAsync(
                    new ProgramRun([.. words.Skip(1).Select(word => word.Replace("@", _folder + "/", StringComparison.Ordinal))]), new Normaliser(), address);
                string said = (result.Output + result.Error).Replace(_folder + "/", "@", StringComparison.Ordinal).Replace(address, "AGENT", StringComparison.Ordinal);
                return $"{LogFile().Replace(said, "log-TIME.log")}{(result.ExitCode == 0 ? "" : $"[exit {result.ExitCode}]\n")}";
        }
    }

    private static PeerAnswer Answer(PeerRequest request)
    {
        KeyValuePair<string, string>[] headers = [new("X-Consul-Index", "7"), new("X-Consul-KnownLeader", "true"), new("X-Consul-LastContact", "0")];
        return request.Target.StartsWith("/v1/kv/color", StringComparison.Ordinal)
            ? new PeerAnswer(200, headers, """[{"Key":"color","Value":"Ymx1ZQ==","Flags":0,"CreateIndex":5,"ModifyIndex":7,"LockIndex":0}]"""u8.ToArray())
            : request.Target.StartsWith("/v1/kv/", StringComparison.Ordinal) ? new PeerAnswer(404, headers, []) : new PeerAnswer(500, headers, "broken"u8.ToArray());
    }

    private static string Unquote(string word) => word.Length > 1 && word[0] is '\'' ? word[1..^1] : word;

    [GeneratedRegex(@"'[^']*'|\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"log-\d+\.log", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogFile();
}
