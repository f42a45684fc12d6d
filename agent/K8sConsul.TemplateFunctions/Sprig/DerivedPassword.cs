using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>A password for a site, of a master password and without memory: the algorithm of Master Password, as Sprig has it.</summary>
internal static class DerivedPassword
{
    private const string Scope = "com.lyndir.masterpassword";

    // A tenth of a second.
    private const int Steps = 1_000_000;

    private const string UpperVowels = "AEIOU";
    private const string LowerVowels = "aeiou";
    private const string UpperConsonants = "BCDFGHJKLMNPQRSTVWXYZ";
    private const string LowerConsonants = "bcdfghjklmnpqrstvwxyz";
    private const string Digits = "0123456789";

    /// <summary>The letters of a form, by <see cref="LettersOf"/>; which form is taken depends on the site.</summary>
    private static readonly Dictionary<string, string[]> s_forms = new(StringComparer.Ordinal)
    {
        ["maximum"] = ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        ["long"] =
        [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno", "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv",
            "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        ["medium"] = ["CvcnoCvc", "CvcCvcno"],
        ["short"] = ["Cvcn"],
        ["basic"] = ["aaanaaan", "aannaaan", "aaannaaa"],
        ["pin"] = ["nnnn"],
    };

    public static string Make(TemplateCall call, uint counter, string type, string password, string user, string site)
    {
        if (!s_forms.TryGetValue(type, out string[]? forms))
        {
            return "cannot find password template " + type;
        }

        call.CountSteps(Steps);
        byte[] key = Scrypt.Derive(Encoding.UTF8.GetBytes(password), [.. Scoped(user)], length: 64);
        byte[] asked = [.. Scoped(site), .. BigEndian(counter)];
        byte[] seed = HMACSHA256.HashData(key, asked);
        string form = forms[seed[0] % forms.Length];
        return string.Concat(form.Select((letter, i) => LettersOf(letter)[seed[i + 1] % LettersOf(letter).Length]));
    }

    private static IEnumerable<byte> Scoped(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return [.. Encoding.UTF8.GetBytes(Scope), .. BigEndian((uint)bytes.Length), .. bytes];
    }

    private static byte[] BigEndian(uint number)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static string LettersOf(char letter) => letter switch
    {
        'C' => UpperConsonants,
        'v' => LowerVowels,
        'c' => LowerConsonants,
        'a' => UpperVowels + LowerVowels + UpperConsonants + LowerConsonants,
        'n' => Digits,
        'o' => "@&%?,=[]_:-+*$#!'^~;()/.",
        _ => UpperVowels + LowerVowels + UpperConsonants + LowerConsonants + Digits + "!@#$%^&*()",
    };
}
