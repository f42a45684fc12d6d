namespace K8sConsul.Go;

/// <summary>The backslash escapes of Go's texts and characters.</summary>
public static class GoEscape
{
    /// <summary>Takes one escape, its backslash included, from the front.</summary>
    /// <param name="text">Begins with the backslash; what follows the escape is left.</param>
    /// <param name="quote">The only quote that may be escaped.</param>
    /// <param name="value">A byte, or the number of a character, which may be half of a surrogate pair.</param>
    /// <param name="isByte">It is given by the number of a byte (<c>\x</c>, octal): neighbours may spell the parts of one character.</param>
    /// <returns>False for no escape of Go's.</returns>
    public static bool TryTake(ref ReadOnlySpan<char> text, char quote, out int value, out bool isByte)
    {
        value = 0;
        isByte = false;
        if (text.Length < 2)
        {
            return false;
        }

        char kind = text[1];
        value = kind switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' => '\\',
            '\'' or '"' when kind == quote => kind,
            _ => -1,
        };
        if (value >= 0)
        {
            text = text[2..];
            return true;
        }

        (int skip, int length, int radix) = kind switch
        {
            'x' => (2, 2, 16),
            'u' => (2, 4, 16),
            'U' => (2, 8, 16),
            >= '0' and <= '7' => (1, 3, 8),
            _ => (0, 0, 0),
        };
        if (length == 0 || text.Length < skip + length)
        {
            return false;
        }

        long number = 0;
        foreach (char c in text.Slice(skip, length))
        {
            int digit = GoNumber.DigitOf(c);
            if (digit >= radix)
            {
                return false;
            }

            number = (number * radix) + digit;
        }

        text = text[(skip + length)..];
        isByte = kind is not ('u' or 'U');
        value = (int)number;
        return number <= (isByte ? byte.MaxValue : 0x10ffff);
    }
}
