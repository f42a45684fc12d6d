using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>Bodies as they stand in a transcript. JSON is shown as it was sent: escapes, order and indentation are part of the answer.</summary>
internal static partial class JsonView
{
    /// <summary>Longer bodies are told by length and hash.</summary>
    private const int ShownBytesMax = 64 * 1024;

    public static string Show(ScriptStep step, byte[] body)
    {
        if (step.Binary)
        {
            return body.Length == 0 ? "(empty)\n" : "(binary)\n";
        }

        if (body.Length > ShownBytesMax)
        {
            return string.Create(CultureInfo.InvariantCulture, $"({body.Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(body))})\n");
        }

        if (step.Shape is { } members)
        {
            using var document = JsonDocument.Parse(body);
            return Shape(document.RootElement, members, depth: 0) + "\n";
        }

        if (step.Sort)
        {
            using var document = JsonDocument.Parse(body);
            return Escape(Sorted(document.RootElement, string.Empty) + "\n");
        }

        return Escape(Encoding.UTF8.GetString(body));
    }

    /// <summary>The text at a path such as <c>0/Session</c>.</summary>
    public static string Find(byte[] body, string path)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement at = document.RootElement;
        foreach (string step in path.Split('/'))
        {
            at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(step, CultureInfo.InvariantCulture)] : at.GetProperty(step);
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString()! : at.GetRawText();
    }

    /// <summary>A body that does not end with a newline is marked, so that one too many or too few is seen.</summary>
    private static string Escape(string text)
    {
        if (text.Length == 0)
        {
            return "(empty)\n";
        }

        string visible = text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
        return visible.EndsWith('\n') ? visible : visible + "¶\n";
    }

    /// <summary>The JSON as the server indents it, but with the elements of every array in the order of their texts.</summary>
    private static string Sorted(JsonElement value, string indent)
    {
        string inner = indent + "    ";
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                IEnumerable<string> members = value.EnumerateObject().Select(m => $"{inner}\"{m.Name}\": {Sorted(m.Value, inner)}");
                return "{\n" + string.Join(",\n", members) + "\n" + indent + "}";
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                IEnumerable<string> elements = value.EnumerateArray()
                    .Select(e => inner + Sorted(e, inner))
                    .OrderBy(text => Varying().Replace(text, "0"), StringComparer.Ordinal);
                return "[\n" + string.Join(",\n", elements) + "\n" + indent + "]";
            default:
                return value.GetRawText();
        }
    }

    /// <summary>New UUIDs are random, and indexes have as many digits as the log happens to be long: neither must decide the order.</summary>
    [GeneratedRegex("\"(?:Create|Modify)Index\": [0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();

    private static string Shape(JsonElement value, List<string> members, int depth)
    {
        string indent = new(' ', (depth + 1) * 2);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var text = new StringBuilder("{\n");
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    if (members.Contains("-" + member.Name, StringComparer.Ordinal))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"{indent}{member.Name}: (not compared)\n");
                        continue;
                    }

                    bool shaped = members.Count == 0 || members.Contains(member.Name, StringComparer.Ordinal);
                    string shown = shaped ? Shape(member.Value, [], depth + 1) : member.Value.GetRawText();
                    text.Append(CultureInfo.InvariantCulture, $"{indent}{member.Name}: {shown}\n");
                }

                return text.Append(new string(' ', depth * 2)).Append('}').ToString();
            case JsonValueKind.Array:
                return value.GetArrayLength() == 0 ? "[]" : $"[{Shape(value[0], [], depth + 1)}]";
            case JsonValueKind.True or JsonValueKind.False:
                return "bool";
            default:
                return value.ValueKind.ToString().ToLowerInvariant();
        }
    }
}
