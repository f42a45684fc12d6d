using System.Text;

namespace K8sConsul.Go;

/// <summary>.NET's texts with the lengths, offsets and order that they have in Go, where a text is UTF-8.</summary>
public static class Utf8Text
{
    public static int Length(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A cut through the middle of a character leaves U+FFFD: a .NET text holds no half characters.</summary>
    public static string Slice(string text, int start, int end)
    {
        return Encoding.UTF8.GetString(Bytes(text), start, end - start);
    }

    public static int RuneCount(string text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>By UTF-8 bytes, which is by code points; .NET's ordinal order puts surrogates before U+E000.</summary>
    public static int Compare(string left, string right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            char a = left[i];
            char b = right[i];
            if (a != b)
            {
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
