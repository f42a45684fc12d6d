using System.Text.RegularExpressions;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>Puts words in the place of what differs from run to run; everything else is compared letter for letter.</summary>
internal static partial class Masks
{
    private const int TimeoutMs = 1000;

    public static string Apply(string text)
    {
        text = Uuid().Replace(text, "{uuid}");
        if (BodyIndex().IsMatch(text))
        {
            // The length of what holds indexes depends on how many digits they have.
            text = Length().Replace(text, "Content-Length: {n}");
        }

        text = Index().Replace(text, "${head}{n}");
        text = ContentHash().Replace(text, "${head}{hash}");
        text = SnapshotId().Replace(text, "{snapshot}");
        text = Date().Replace(text, "{date}");
        text = QueryId().Replace(text, "id: {n}");
        text = Serial().Replace(text, "hostmaster.consul. {n}");
        text = Temporary().Replace(text, ".tmp{n}");
        text = Time().Replace(text, "{time}");
        text = Key().Replace(text, "{key}");
        return Head().Replace(text, head => SortedLines(head.Value));
    }

    /// <summary>The order of an answer's headers has no meaning.</summary>
    private static string SortedLines(string head)
    {
        string[] lines = head.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(lines, 1, lines.Length - 1, StringComparer.Ordinal);
        return string.Join('\n', lines) + '\n';
    }

    /// <summary>The node IDs of the two agents are given to them and stay.</summary>
    [GeneratedRegex("(?!1{8}-0000|2{8}-0000)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, TimeoutMs)]
    private static partial Regex Uuid();

    /// <summary>Raft's indexes depend on elections and on how many writes anti-entropy made.</summary>
    [GeneratedRegex("""(?<head>"(Create|Modify)Index": ?|"Index": ?|X-Consul-Index: |\b(CreateIndex|ModifyIndex|Index|Term|Size) {2,}|to index )\d+""", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Index();

    [GeneratedRegex(@"\b\d+-\d+-\d{13}\b", RegexOptions.None, TimeoutMs)]
    private static partial Regex SnapshotId();

    [GeneratedRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", RegexOptions.None, TimeoutMs)]
    private static partial Regex Date();

    [GeneratedRegex("\"(Create|Modify)?Index\":", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex BodyIndex();

    /// <summary>Opaque: clients only send it back.</summary>
    [GeneratedRegex("(?<head>\"ContentHash\": ?\")[0-9a-f]{16}", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex ContentHash();

    /// <summary>Status line and headers.</summary>
    [GeneratedRegex(@"^HTTP/1\.1 [^\n]*\n([A-Za-z-]+: [^\n]*\n)+", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Head();

    [GeneratedRegex(@"Content-Length: \d+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Length();

    /// <summary>Of the zone: the time of the answer.</summary>
    [GeneratedRegex(@"hostmaster\.consul\. \d+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Serial();

    [GeneratedRegex(@"\.tmp\d+", RegexOptions.None, TimeoutMs)]
    private static partial Regex Temporary();

    [GeneratedRegex(@"\bid: \d+", RegexOptions.None, TimeoutMs)]
    private static partial Regex QueryId();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d{4})", RegexOptions.ExplicitCapture, TimeoutMs)]
    private static partial Regex Time();

    /// <summary>32 bytes in base64.</summary>
    [GeneratedRegex("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])", RegexOptions.None, TimeoutMs)]
    private static partial Regex Key();
}
