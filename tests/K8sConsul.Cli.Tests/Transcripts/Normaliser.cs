using System.Text.RegularExpressions;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Puts fixed words in the place of what differs from run to run. Where tables are lined up they are of the same length.</summary>
internal sealed partial class Normaliser
{
    private readonly List<(string Actual, string Fixed)> _words = [];

    public void Add(string actual, string replacement)
    {
        _words.Add((actual, replacement));
    }

    public string Apply(string text)
    {
        foreach ((string actual, string replacement) in _words)
        {
            text = text.Replace(actual, replacement, StringComparison.Ordinal);
        }

        text = Time().Replace(text, "{time}");
        text = Temporary().Replace(text, ".tmp{n}");
        return Key().Replace(text, "{key}");
    }

    /// <summary>The way back, for arguments.</summary>
    public string Restore(string text)
    {
        foreach ((string actual, string replacement) in _words)
        {
            text = text.Replace(replacement, actual, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Of two agents: Raft's indexes depend on how many elections and flushes there were.</summary>
    public static string WithoutIndexes(string text)
    {
        text = Index().Replace(text, "${head}{n}");
        text = SnapshotId().Replace(text, "{id}");
        return Figure().Replace(text, "${head}{n}");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d{4})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"\.tmp\d+", RegexOptions.None, 1000)]
    private static partial Regex Temporary();

    [GeneratedRegex(@"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])", RegexOptions.None, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"(?<head>(CreateIndex|ModifyIndex|Index|Term|Size) +|to index )\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"\d+-\d+-\d{13}", RegexOptions.None, 1000)]
    private static partial Regex SnapshotId();

    [GeneratedRegex(@"(?m)^(?<head>\t[a-z_]+ = )\d+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Figure();
}
