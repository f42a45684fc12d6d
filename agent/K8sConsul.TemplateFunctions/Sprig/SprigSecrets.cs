using System.Security.Cryptography;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Passwords and what is enciphered with them.</summary>
internal static class SprigSecrets
{
    private const int AesKeyBytes = 32;
    private const int AesBlockBytes = 16;

    public static void AddTo(TemplateFunctions functions, FunctionHost host)
    {
        functions
            .AddWithCall("derivePassword", (TemplateCall call, uint counter, string type, string password, string user, string site)
                => DerivedPassword.Make(call, counter, type, password, user, site))
            .Add("decryptAES", (string password, string text) => Decrypt(password, text));
        if (host.Random is { } random)
        {
            functions
                .Add("encryptAES", (string password, string text) => Encrypt(password, text, Bytes(AesBlockBytes, random)))
                .AddWithCall("bcrypt", (TemplateCall call, string password) => Bcrypt(call, password, random))
                .AddWithCall("htpasswd", (TemplateCall call, string user, string password) => user.Contains(':', StringComparison.Ordinal)
                    ? "invalid username: " + user
                    : $"{user}:{Bcrypt(call, password, random)}");
        }
    }

    private static byte[] Bytes(int count, Func<int, int> random)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)random(256);
        }

        return bytes;
    }

    /// <summary>The vector comes first, then the blocks.</summary>
    private static string Encrypt(string password, string text, byte[] vector)
    {
        using Aes aes = Cipher(password);
        return Convert.ToBase64String([.. vector, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(text), vector)]);
    }

    private static string Decrypt(string password, string text)
    {
        byte[] data = GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out string error) ?? throw new TemplateFunctionException(error);
        if (data.Length < 2 * AesBlockBytes || data.Length % AesBlockBytes != 0)
        {
            throw new TemplateFunctionException("what is enciphered consists of a vector and of blocks of 16 bytes");
        }

        using Aes aes = Cipher(password);
        try
        {
            return Encoding.UTF8.GetString(aes.DecryptCbc(data.AsSpan(AesBlockBytes), data.AsSpan(0, AesBlockBytes)));
        }
        catch (CryptographicException refused)
        {
            throw new TemplateFunctionException(refused.Message, refused);
        }
    }

    /// <summary>The key is the password itself, cut or filled with zeros.</summary>
    private static Aes Cipher(string password)
    {
        byte[] key = new byte[AesKeyBytes];
        byte[] bytes = Encoding.UTF8.GetBytes(password);
        bytes.AsSpan(0, Math.Min(bytes.Length, key.Length)).CopyTo(key);
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }

    private static string Bcrypt(TemplateCall call, string password, Func<int, int> random)
    {
        // It is meant to take long: a tenth of a second.
        const int Steps = 1_000_000;
        const int Cost = 10;
        const int PasswordBytesMax = 72;
        const string Letters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        call.CountSteps(Steps);
        if (Encoding.UTF8.GetByteCount(password) > PasswordBytesMax)
        {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        }

        // 128 bits: 21 letters of six, and one of two.
        string salt = string.Concat(Enumerable.Range(0, 21).Select(_ => Letters[random(64)])) + Letters[16 * random(4)];
        return BCrypt.Net.BCrypt.HashPassword(password, $"$2a${Cost}${salt}");
    }
}
