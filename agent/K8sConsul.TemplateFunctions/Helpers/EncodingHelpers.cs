using System.Security.Cryptography;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Consul-template's encodings, digests and parsers.</summary>
internal static class EncodingHelpers
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add("base64Encode", (string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))
            .Add("base64Decode", (string text) => Decode("base64Decode", text))
            .Add("base64URLEncode", (string text) => ToUrlAlphabet(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))))
            .Add("base64URLDecode", (string text) => Decode("base64URLDecode", ToStandardAlphabet(text)))
            .Add("sha256Hex", (string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
            .Add("md5sum", (string text) => Hex(MD5.HashData(Encoding.UTF8.GetBytes(text))))
            .Add("hmacSHA256Hex", (string message, string key)
                => Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(message))))
            .AddWithCall("toJSON", (TemplateCall call, object? data) => Named("toJSON", () => JsonText.Write(call, data)))
            .AddWithCall("toJSONPretty", (TemplateCall call, object? data)
                => Named("toJSONPretty", () => JsonText.Write(call, data, pretty: true)))
            .AddWithCall("toUnescapedJSON", (TemplateCall call, object? data)
                => Named("toUnescapedJSON", () => JsonText.Write(call, data, escapesHtml: false)))
            .AddWithCall("toUnescapedJSONPretty", (TemplateCall call, object? data)
                => Named("toUnescapedJSONPretty", () => JsonText.Write(call, data, pretty: true, escapesHtml: false)))
            .AddWithCall("toYAML", (TemplateCall call, object? data) => Named("toYAML", () => YamlOutput.Write(call, data).Trim()))
            .AddWithCall("toTOML", (TemplateCall call, object? data) => Named("toTOML", () => TomlOutput.Write(call, data).Trim()))
            .AddWithCall("parseJSON", (TemplateCall call, string text) => text.Length == 0 ? EmptyMap() : JsonText.Read(call, text))
            .AddWithCall("parseYAML", (TemplateCall call, string text) => text.Length == 0 ? EmptyMap() : YamlInput.Read(call, text))
            .Add("parseBool", (string text) => text.Length > 0 && Named("parseBool", () => GoNumbers.ParseBool(text)))
            .Add("parseFloat", (string text) => text.Length == 0 ? 0 : Named("parseFloat", () => GoNumbers.ParseFloat(text)))
            .Add("parseInt", (string text) => text.Length == 0 ? 0 : Named("parseInt", () => GoNumbers.ParseInt(text)))
            .Add("parseUint", (string text) => text.Length == 0 ? 0 : Named("parseUint", () => GoNumbers.ParseUint(text)));
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static object EmptyMap() => new Dictionary<string, object?>(StringComparer.Ordinal);

    private static string Decode(string function, string text)
    {
        byte[] bytes = GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out string error)
            ?? throw new TemplateFunctionException($"{function}: {error}");
        return Encoding.UTF8.GetString(bytes);
    }

    private static string ToUrlAlphabet(string text) => text.Replace('+', '-').Replace('/', '_');

    /// <summary>The standard marks have no place in the other alphabet: they become one that is refused.</summary>
    private static string ToStandardAlphabet(string text)
    {
        return text.Replace('+', '!').Replace('/', '!').Replace('-', '+').Replace('_', '/');
    }

    /// <summary>These functions put their name before the reason once more.</summary>
    private static T Named<T>(string function, Func<T> body)
    {
        try
        {
            return body();
        }
        catch (TemplateFunctionException refused)
        {
            throw new TemplateFunctionException($"{function}: {refused.Message}", refused);
        }
    }
}
