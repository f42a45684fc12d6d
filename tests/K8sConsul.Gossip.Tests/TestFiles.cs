using System.Text.Json.Nodes;

namespace K8sConsul.Gossip.Tests;

/// <summary>Files under Testdata, embedded so that a test finds them wherever it runs.</summary>
internal static class TestFiles
{
    public static string Text(string path)
    {
        using Stream stream = typeof(TestFiles).Assembly.GetManifestResourceStream("Testdata/" + path)
            ?? throw new FileNotFoundException("no embedded test file", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>One JSON object a line.</summary>
    public static IEnumerable<JsonObject> Vectors(string path) =>
        Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject());

    public static byte[] Hex(this JsonObject vector, string name) => Convert.FromHexString(vector[name]!.GetValue<string>());

    public static string Name(this JsonObject vector) => vector["name"]!.GetValue<string>();
}
