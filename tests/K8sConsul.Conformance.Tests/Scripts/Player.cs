using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using K8sConsul.Conformance.Tests.Agents;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>
/// Plays a script against an agent and writes down what it answered, in a form that is the same for every agent that answers
/// the same: see <see cref="Normaliser"/>.
/// </summary>
internal sealed partial class Player
{
    /// <summary>Long enough for anti-entropy and session expiry on a busy machine; reaching it fails the case.</summary>
    private static readonly TimeSpan UntilLimit = TimeSpan.FromSeconds(45);

    /// <summary>
    /// A head start for requests that are to wait. Nothing depends on it: a request that comes late finds its answer at once,
    /// and the transcript is the same.
    /// </summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, string> _captured = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _saved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ScriptStep Step, Task<(WireAnswer Answer, TimeSpan Elapsed)> Answer)> _pending = new(StringComparer.Ordinal);
    private readonly Script _script;
    private readonly TestAgent _agent;
    private readonly Normaliser _normaliser;

    private Player(Script script, TestAgent agent)
    {
        _script = script;
        _agent = agent;
        _normaliser = new Normaliser(agent, script);
    }

    /// <summary>The transcript of every case, by title.</summary>
    public static async Task<IReadOnlyList<(string Title, string Transcript)>> PlayAsync(Script script, TestAgent agent)
    {
        var player = new Player(script, agent);
        var transcripts = new List<(string, string)>();
        foreach (ScriptCase one in script.Cases)
        {
            transcripts.Add((one.Title, await player.PlayAsync(one)));
        }

        return transcripts;
    }

    private async Task<string> PlayAsync(ScriptCase one)
    {
        var transcript = new StringBuilder();
        foreach (ScriptStep step in one.Steps)
        {
            transcript.Append(CultureInfo.InvariantCulture, $"--- {step.Method} {step.Target}{Reminder(step)}\n");
            if (step.Background is { } name)
            {
                _pending.Add(name, (step, SendAsync(step)));
                await Task.Delay(HeadStart);
                continue;
            }

            if (step.Method == ScriptStep.AwaitMethod)
            {
                _pending.Remove(step.Target, out (ScriptStep Step, Task<(WireAnswer Answer, TimeSpan Elapsed)> Answer) started);
                (WireAnswer late, TimeSpan took) = await started.Answer;
                transcript.Append(Show(started.Step, late, took));
                continue;
            }

            transcript.Append(await AnswerAsync(one, step));
        }

        return _normaliser.Normalise(transcript.ToString());
    }

    /// <summary>The beginning of a request's body, for the reader of the transcript.</summary>
    private static string Reminder(ScriptStep step)
    {
        const int LengthMax = 120;
        string body = step.MadeBody is (string kind, string argument) ? $"({kind} {argument})" : string.Join(' ', step.BodyLines.Select(line => line.Trim()));
        return body.Length == 0 ? string.Empty : " " + (body.Length <= LengthMax ? body : body[..LengthMax] + "…");
    }

    private async Task<string> AnswerAsync(ScriptCase one, ScriptStep step)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            (WireAnswer answer, TimeSpan elapsed) = await SendAsync(step);
            string shown = Show(step, answer, elapsed);
            if (step.Until is not { } text || Normaliser.Collapse(shown).Contains(Fill(text), StringComparison.Ordinal))
            {
                Capture(step, answer);
                return shown;
            }

            if (waited.Elapsed > UntilLimit)
            {
                throw new TimeoutException($"{_script.Name}, {one.Title}: {step.Method} {step.Target} never held {text}; at last:\n{shown}");
            }

            // Polling a foreign process is the one wait that no event can replace.
            await Task.Delay(100);
        }
    }

    private async Task<(WireAnswer Answer, TimeSpan Elapsed)> SendAsync(ScriptStep step)
    {
        var started = Stopwatch.StartNew();
        WireAnswer answer = await WireClient.SendAsync(
            _agent.HttpPort,
            step.Method,
            Fill(step.Target),
            step.Headers.Select(h => new KeyValuePair<string, string>(h.Key, Fill(h.Value))),
            Body(step),
            step.Chunked,
            step.Stream);
        return (answer, started.Elapsed);
    }

    private byte[]? Body(ScriptStep step)
    {
        if (step.MadeBody is not (string kind, string argument))
        {
            return step.BodyLines.Count == 0 ? null : Encoding.UTF8.GetBytes(Fill(string.Join('\n', step.BodyLines)));
        }

        switch (kind)
        {
            case "fill":
                return Encoding.UTF8.GetBytes(new string('x', int.Parse(argument, CultureInfo.InvariantCulture)));
            case "fillvalue":
                // A transaction that sets one key to so many bytes.
                byte[] value = Encoding.UTF8.GetBytes(new string('x', int.Parse(argument, CultureInfo.InvariantCulture)));
                return Encoding.UTF8.GetBytes("""[{"KV":{"Verb":"set","Key":"big","Value":"VALUE"}}]""".Replace("VALUE", Convert.ToBase64String(value), StringComparison.Ordinal));
            case "repeat":
                // repeat 65 {"KV":...}: a JSON array of so many equal elements.
                string[] parts = argument.Split(' ', 2);
                return Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(parts[1], int.Parse(parts[0], CultureInfo.InvariantCulture))) + "]");
            case "hex":
                return Convert.FromHexString(argument.Replace(" ", string.Empty, StringComparison.Ordinal));
            case "saved":
                return _saved[argument];
            case "cut":
                // cut name 100: the first so many bytes of what was saved.
                string[] cut = argument.Split(' ');
                return _saved[cut[0]][..int.Parse(cut[1], CultureInfo.InvariantCulture)];
            case "file":
                return File.ReadAllBytes(Path.Combine(ScriptReader.Folder, argument));
            default:
                throw new FormatException($"unknown kind of body: {kind}");
        }
    }

    private string Fill(string text) => Placeholder().Replace(text, match => match.Groups["name"].Value switch
    {
        "httpport" => _agent.HttpPort.ToString(CultureInfo.InvariantCulture),
        "serverport" => _agent.ServerPort.ToString(CultureInfo.InvariantCulture),
        "serfport" => _agent.SerfPort.ToString(CultureInfo.InvariantCulture),
        string name => _captured[name],
    });

    private void Capture(ScriptStep step, WireAnswer answer)
    {
        if (step.Save is { } saved)
        {
            _saved[saved] = answer.Body;
        }

        foreach ((string name, string source, string path) in step.Captures)
        {
            _captured[name] = source == "header"
                ? answer.Header(path) ?? throw new InvalidOperationException($"{_script.Name}: {step.Method} {step.Target} has no header {path}")
                : JsonView.Find(answer.Body, path);
        }
    }

    private static string Show(ScriptStep step, WireAnswer answer, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        if (answer.Status == WireAnswer.None)
        {
            return "(closed without an answer)\n";
        }

        text.Append(CultureInfo.InvariantCulture, $"{answer.Status}\n");
        if (step.Slow is { } least)
        {
            text.Append(CultureInfo.InvariantCulture, $"(took {least.TotalMilliseconds} ms or more: {(elapsed >= least ? "yes" : "no")})\n");
        }

        if (step.StatusOnly)
        {
            return text.ToString();
        }

        foreach ((string name, string value) in answer.Headers.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            // Lengths follow from bodies; the time is the time; who compresses what is stated in Testdata/README.md.
            if (name.ToLowerInvariant() is not ("date" or "content-length" or "content-encoding" or "transfer-encoding"))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }

        if (!step.Stream)
        {
            text.Append(JsonView.Show(step, answer.Body));
        }

        string shown = text.ToString();
        foreach (string mask in step.Masks)
        {
            shown = Regex.Replace(shown, mask, "<masked>", RegexOptions.CultureInvariant | RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        }

        return shown;
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
