using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>Bodies as they stand in a transcript. JSON is shown as it was sent: escapes, order and indentation are part of the answer.</summary>
internal static class JsonView
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

        string text = Encoding.UTF8.GetString(body);
        return Escape(step.Sort ? Sorted(text) : text);
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

    /// <summary>Sorts the elements of a pretty-printed array: they begin at four spaces.</summary>
    private static string Sorted(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 4)
        {
            return text;
        }

        var elements = new List<string>();
        foreach (string line in lines.Skip(1).SkipLast(2))
        {
            bool begins = line.Length > 4 && line[..4] == "    " && line[4] is not (' ' or '}' or ']');
            if (begins || elements.Count == 0)
            {
                elements.Add(line);
            }
            else
            {
                elements[^1] += "\n" + line;
            }
        }

        string[] sorted = [lines[0], .. elements.Select(e => e.TrimEnd(',')).Order(StringComparer.Ordinal), .. lines[^2..]];
        return string.Join('\n', sorted);
    }

    private static string Shape(JsonElement value, List<string> members, int depth)
    {
        string indent = new(' ', (depth + 1) * 2);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var text = new StringBuilder("{\n");
                foreach (JsonProperty member in value.EnumerateObject())
                {
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
