using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Encodings and digests. The plain forms answer a failure with nothing, or with its text; those with <c>must</c> fail.</summary>
internal static class SprigEncodings
{
    private const string Base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add("b64enc", (string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))
            .Add("b64dec", (string text) => GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out string error) is { } bytes
                ? Encoding.UTF8.GetString(bytes)
                : error)
            .Add("b32enc", (string text) => ToBase32(Encoding.UTF8.GetBytes(text)))
            .Add("b32dec", (string text) => FromBase32(text))
            .Add("sha1sum", (string text) => EncodingHelpers.Hex(SHA1.HashData(Encoding.UTF8.GetBytes(text))))
            .Add("sha256sum", (string text) => EncodingHelpers.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
            .Add("sha512sum", (string text) => EncodingHelpers.Hex(SHA512.HashData(Encoding.UTF8.GetBytes(text))))
            .Add("adler32sum", (string text) => Adler32(Encoding.UTF8.GetBytes(text)).ToString(CultureInfo.InvariantCulture))
            .AddWithCall("mustFromJson", (TemplateCall call, string text) => JsonText.Read(call, text))
            .AddWithCall("fromJson", (TemplateCall call, string text) => OrDefault<object?>(() => JsonText.Read(call, text), fallback: null));
        AddJson(functions, "toJson", pretty: false, escapesHtml: true);
        AddJson(functions, "toPrettyJson", pretty: true, escapesHtml: true);
        AddJson(functions, "toRawJson", pretty: false, escapesHtml: false);
    }

    private static void AddJson(TemplateFunctions functions, string name, bool pretty, bool escapesHtml)
    {
        functions
            .AddWithCall(SprigLists.Name("must", name), (TemplateCall call, object? data) => JsonText.Write(call, data, pretty, escapesHtml))
            .AddWithCall(name, (TemplateCall call, object? data) => name == "toRawJson"
                ? JsonText.Write(call, data, pretty, escapesHtml)
                : OrDefault(() => JsonText.Write(call, data, pretty, escapesHtml), fallback: ""));
    }

    private static T OrDefault<T>(Func<T> body, T fallback)
    {
        try
        {
            return body();
        }
        catch (TemplateFunctionException)
        {
            return fallback;
        }
    }

    private static string ToBase32(byte[] bytes)
    {
        var text = new StringBuilder((bytes.Length + 4) / 5 * 8);
        for (int start = 0; start < bytes.Length; start += 5)
        {
            int count = Math.Min(5, bytes.Length - start);
            ulong bits = 0;
            for (int i = 0; i < 5; i++)
            {
                bits = (bits << 8) | (i < count ? bytes[start + i] : 0U);
            }

            int digits = ((count * 8) + 4) / 5;
            for (int i = 0; i < 8; i++)
            {
                text.Append(i < digits ? Base32Letters[(int)(bits >> (35 - (5 * i))) & 31] : '=');
            }
        }

        return text.ToString();
    }

    /// <returns>Or the text of the failure, as Sprig answers it.</returns>
    private static string FromBase32(string text)
    {
        string digits = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        string body = digits.TrimEnd('=');
        int bad = body.AsSpan().IndexOfAnyExcept(Base32Letters);
        int left = body.Length % 8;
        if (bad >= 0 || digits.Length % 8 != 0 || left is 1 or 3 or 6 || digits.Length - body.Length > 6)
        {
            return string.Create(CultureInfo.InvariantCulture, $"illegal base32 data at input byte {(bad >= 0 ? bad : body.Length)}");
        }

        byte[] bytes = new byte[body.Length * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        foreach (char digit in body)
        {
            buffer = ((buffer << 5) | Base32Letters.IndexOf(digit, StringComparison.Ordinal)) & 0xfff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
            }
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static uint Adler32(byte[] bytes)
    {
        const uint Modulus = 65_521;
        uint a = 1;
        uint b = 0;
        foreach (byte value in bytes)
        {
            a = (a + value) % Modulus;
            b = (b + a) % Modulus;
        }

        return (b << 16) | a;
    }
}
