namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Go's <c>filepath.Match</c>: <c>*</c> and <c>?</c> match anything but a slash, <c>[a-c^]</c> a class, a backslash takes the next as it is.</summary>
public static class GoGlob
{
    /// <returns>False also for a pattern that is malformed.</returns>
    public static bool IsMatch(string pattern, string name)
    {
        return IsMatch(pattern.AsSpan(), name.AsSpan());
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
                return TakeClass(pattern, ref p, letter);
            case '\\' when p + 1 < pattern.Length:
                p += 2;
                return pattern[p - 1] == letter;
            default:
                return pattern[p++] == letter;
        }
    }

    private static bool TakeClass(ReadOnlySpan<char> pattern, ref int p, char letter)
    {
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
                return matched != negated;
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
