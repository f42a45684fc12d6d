using System.Globalization;

namespace K8sConsul.Gossip;

/// <summary>The version inside a <c>build</c> tag such as <c>1.8.7:a1b2c3d4</c>.</summary>
public static class ConsulBuild
{
    /// <summary>Finds the first <c>digits.digits.digits</c>.</summary>
    public static bool TryParse(string text, out Version build)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int start = 0; start < text.Length; start++)
        {
            bool beginsNumber = char.IsAsciiDigit(text[start]) && (start == 0 || !char.IsAsciiDigit(text[start - 1]));
            if (beginsNumber && TryParseAt(text, start, out build))
            {
                return true;
            }
        }

        build = null!;
        return false;
    }

    private static bool TryParseAt(string text, int start, out Version build)
    {
        build = null!;
        Span<int> numbers = stackalloc int[3];
        int position = start;
        for (int i = 0; i < numbers.Length; i++)
        {
            int end = position;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (!int.TryParse(text.AsSpan(position, end - position), NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }

            bool last = i == numbers.Length - 1;
            if (!last && (end >= text.Length || text[end] != '.'))
            {
                return false;
            }

            position = end + 1;
        }

        build = new Version(numbers[0], numbers[1], numbers[2]);
        return true;
    }
}
