using System.Text;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>A command of a chapter and what it prints.</summary>
/// <param name="Remarks">Lines before the prompt, as they are.</param>
/// <param name="Agent">On whose machine it is typed.</param>
/// <param name="InTime">Typed again and again until it prints that: what it asks for arrives by gossip or anti-entropy.</param>
/// <param name="Transcript">Output, then errors with <c>! </c> before each line, then the exit code in brackets unless it is 0.</param>
internal sealed record Step(string Remarks, string Agent, bool InTime, string Command, string Transcript);

/// <summary>
/// A piece of a tutorial as a terminal shows it, recorded from the real program on real agents:
/// <code>
/// ## a remark
/// agent-one$ consul kv get missing
/// ! Error! No key exists at: missing
/// [exit 1]
/// </code>
/// Lines that begin with <c>&gt; </c> after a prompt go on with the command. A step ends with one empty line.
/// </summary>
internal static class Chapter
{
    private const string NoNewline = "\\ no newline at the end";
    private const string InTime = ", in time";

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "WalkThrough", "Chapters");

    public static List<Step> Read(string file)
    {
        List<Step> steps = [];
        string[] lines = File.ReadAllLines(file);
        int at = 0;
        while (at < lines.Length)
        {
            var remarks = new StringBuilder();
            while (at < lines.Length && (lines[at].Length == 0 || lines[at].StartsWith("##", StringComparison.Ordinal)))
            {
                remarks.Append(lines[at++]).Append('\n');
            }

            if (at == lines.Length)
            {
                break;
            }

            (string agent, bool inTime, string first) = Prompt(lines[at]) ?? throw new FormatException($"{file}:{at + 1}: no prompt: {lines[at]}");
            var command = new StringBuilder(first);
            for (at++; at < lines.Length && lines[at].StartsWith("> ", StringComparison.Ordinal); at++)
            {
                command.Append('\n').Append(lines[at].AsSpan(2));
            }

            var transcript = new StringBuilder();
            for (; at < lines.Length && Prompt(lines[at]) is null && !lines[at].StartsWith("##", StringComparison.Ordinal); at++)
            {
                transcript.Append(lines[at]).Append('\n');
            }

            // The empty line between two steps belongs to neither.
            if (transcript.Length > 0 && (transcript.Length == 1 || transcript[^2] == '\n'))
            {
                transcript.Length--;
            }

            steps.Add(new Step(remarks.ToString(), agent, inTime, command.ToString(), transcript.ToString()));
        }

        return steps;
    }

    public static string Write(IEnumerable<Step> steps)
    {
        var text = new StringBuilder();
        foreach (Step step in steps)
        {
            text.Append(step.Remarks).Append(step.Agent).Append(step.InTime ? InTime : string.Empty).Append("$ ")
                .Append(step.Command.Replace("\n", "\n> ", StringComparison.Ordinal)).Append('\n').Append(step.Transcript).Append('\n');
        }

        return text.ToString();
    }

    public static string Transcript(ShellResult result)
    {
        var text = new StringBuilder();
        Append(text, result.Output, string.Empty);
        Append(text, result.Error, "! ");
        if (result.ExitCode != 0)
        {
            text.Append("[exit ").Append(result.ExitCode).Append("]\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string printed, string before)
    {
        if (printed.Length == 0)
        {
            return;
        }

        bool whole = printed.EndsWith('\n');
        foreach (string line in (whole ? printed[..^1] : printed).Split('\n'))
        {
            // Headers of HTTP end with a carriage return, which a terminal does not show.
            text.Append(before).Append(line.TrimEnd('\r')).Append('\n');
        }

        if (!whole)
        {
            text.Append(before).Append(NoNewline).Append('\n');
        }
    }

    private static (string Agent, bool InTime, string Command)? Prompt(string line)
    {
        foreach (string agent in (string[])["agent-one", "agent-two"])
        {
            if (line.StartsWith(agent + "$ ", StringComparison.Ordinal))
            {
                return (agent, false, line[(agent.Length + 2)..]);
            }

            if (line.StartsWith(agent + InTime + "$ ", StringComparison.Ordinal))
            {
                return (agent, true, line[(agent.Length + InTime.Length + 2)..]);
            }
        }

        return null;
    }
}
