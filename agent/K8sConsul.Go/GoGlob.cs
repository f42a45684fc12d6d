namespace K8sConsul.Go;

/// <summary>Go's <c>filepath.Match</c>: <c>*</c> and <c>?</c> match anything but a slash, <c>[a-c^]</c> a class, a backslash takes the next as it is.</summary>
public static class GoGlob
{
    /// <returns>False also for a pattern that is malformed.</returns>
    public static bool IsMatch(string pattern, string name)
    {
        return IsMatch(pattern.AsSpan(), name.AsSpan());
    }

    /// <summary>Whether Go finds nothing wrong with it: classes end, and nothing ends with a backslash.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> pattern)
    {
        int p = 0;
        while (p < pattern.Length)
        {
            char letter = pattern[p++];
            if ((letter == '[' && !TryTakeClass(pattern, ref p, letter: '\0', out _)) || (letter == '\\' && p == pattern.Length))
            {
                return false;
            }

            if (letter == '\\')
            {
                p++;
            }
        }

        return true;
    }

    public static bool IsAnyMatch(IEnumerable<string> patterns, string name)
    {
        return patterns.Any(pattern => IsMatch(pattern, name));
    }

    /// <summary>One star is taken back at a time: the latest is enough, since what stood before it has matched.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0;
        int n = 0;
        int starPattern = -1;
        int starName = 0;
        while (n < name.Length || p < pattern.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = ++p;
                starName = n;
                continue;
            }

            if (p < pattern.Length && n < name.Length && TakeOne(pattern, ref p, name[n]))
            {
                n++;
                continue;
            }

            if (starPattern < 0 || starName >= name.Length || name[starName] == '/')
            {
                return false;
            }

            n = ++starName;
            p = starPattern;
        }

        return true;
    }

    /// <summary>Moves <paramref name="p"/> behind what has matched; leaves it anywhere otherwise.</summary>
    private static bool TakeOne(ReadOnlySpan<char> pattern, ref int p, char letter)
    {
        switch (pattern[p])
        {
            case '?':
                p++;
                return letter != '/';
            case '[':
                p++;
                return TryTakeClass(pattern, ref p, letter, out bool matches) && matches;
            case '\\' when p + 1 < pattern.Length:
                p += 2;
                return pattern[p - 1] == letter;
            default:
                return pattern[p++] == letter;
        }
    }

    /// <param name="pattern">The whole.</param>
    /// <param name="p">Behind the opening bracket; moves behind the closing one.</param>
    /// <param name="letter">What is to be in the class.</param>
    /// <param name="matches">Whether it is.</param>
    /// <returns>False for a class that is malformed.</returns>
    private static bool TryTakeClass(ReadOnlySpan<char> pattern, ref int p, char letter, out bool matches)
    {
        matches = false;
        bool negated = p < pattern.Length && pattern[p] == '^';
        if (negated)
        {
            p++;
        }

        bool matched = false;
        for (int ranges = 0; ; ranges++)
        {
            if (p < pattern.Length && pattern[p] == ']' && ranges > 0)
            {
                p++;
                matches = matched != negated;
                return true;
            }

            if (!TakeClassLetter(pattern, ref p, out char low))
            {
                return false;
            }

            char high = low;
            if (p < pattern.Length && pattern[p] == '-')
            {
                p++;
                if (!TakeClassLetter(pattern, ref p, out high))
                {
                    return false;
                }
            }

            matched |= low <= letter && letter <= high;
        }
    }

    private static bool TakeClassLetter(ReadOnlySpan<char> pattern, ref int p, out char letter)
    {
        letter = '\0';
        if (p < pattern.Length && pattern[p] == '\\')
        {
            p++;
        }
        else if (p < pattern.Length && pattern[p] is '-' or ']')
        {
            return false;
        }

        if (p >= pattern.Length)
        {
            return false;
        }

        letter = pattern[p++];
        return true;
    }
}
