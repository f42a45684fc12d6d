using System.Text.Json;
using System.Text.Json.Serialization;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>One run of the real program: what it was asked, what it asked the agent, and what it printed.</summary>
public sealed class Transcript
{
    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string[] Arguments { get; set; } = [];

    public string? Input { get; set; }

    public Dictionary<string, string>? Environment { get; set; }

    public List<Exchange>? Exchanges { get; set; }

    public string Output { get; set; } = string.Empty;

    public string Error { get; set; } = string.Empty;

    public int ExitCode { get; set; }

    public static List<Transcript> Load(string path)
    {
        return JsonSerializer.Deserialize<List<Transcript>>(File.ReadAllBytes(path), _layout)!;
    }

    public static void Save(string path, IEnumerable<Transcript> transcripts)
    {
        File.WriteAllText(path, JsonSerializer.Serialize(transcripts, _layout).ReplaceLineEndings("\n") + "\n");
    }

    public override string ToString()
    {
        return $"consul {string.Join(' ', Arguments)}";
    }
}

/// <summary>One request and its answer. Bodies that are no UTF-8 are base64 behind <c>base64:</c>.</summary>
public sealed class Exchange
{
    private const string Base64Mark = "base64:";

    public string Method { get; set; } = string.Empty;

    public string Target { get; set; } = string.Empty;

    public string? RequestBody { get; set; }

    public int Status { get; set; }

    public Dictionary<string, string>? Headers { get; set; }

    public string? Body { get; set; }

    public static string? Encode(byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        string text = System.Text.Encoding.UTF8.GetString(body);
        return System.Text.Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(body) ? text : Base64Mark + Convert.ToBase64String(body);
    }

    public static byte[] Decode(string? text)
    {
        return text is null ? []
            : text.StartsWith(Base64Mark, StringComparison.Ordinal) ? Convert.FromBase64String(text[Base64Mark.Length..])
            : System.Text.Encoding.UTF8.GetBytes(text);
    }
}
