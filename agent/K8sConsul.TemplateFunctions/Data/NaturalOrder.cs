using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>The order of keys in Go's yaml.v2: numbers within texts by their value, and other marks before letters.</summary>
/// <remarks>It is none: 2 comes before 10, 10 before 1a, and 1a before 2. What sorts by it must bear that.</remarks>
internal static class NaturalOrder
{
    public static int Compare(string left, string right)
    {
        int at = 0;
        while (at < left.Length && at < right.Length && left[at] == right[at])
        {
            at++;
        }

        if (at == left.Length || at == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        bool leftIsLetter = char.IsLetter(left[at]);
        bool rightIsLetter = char.IsLetter(right[at]);
        if (leftIsLetter && rightIsLetter)
        {
            return Utf8Text.Compare(left[at..], right[at..]);
        }

        if (leftIsLetter || rightIsLetter)
        {
            return leftIsLetter ? 1 : -1;
        }

        // Zeros count only behind a digit that is none.
        ulong before = (left[at] == '0' || right[at] == '0') && HasNumberBefore(left, at) ? 1U : 0U;
        int byNumber = NumberAt(left, at, before, out int leftEnd).CompareTo(NumberAt(right, at, before, out int rightEnd));
        byNumber = byNumber != 0 ? byNumber : leftEnd.CompareTo(rightEnd);
        return byNumber != 0 ? byNumber : Utf8Text.Compare(left[at..], right[at..]);
    }

    private static bool HasNumberBefore(string text, int at)
    {
        for (int i = at - 1; i >= 0 && char.IsDigit(text[i]); i--)
        {
            if (text[i] != '0')
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>Of many digits what is left of it in 64 bits, as in Go.</returns>
    private static long NumberAt(string text, int at, ulong before, out int end)
    {
        long value = (long)before;
        for (end = at; end < text.Length && char.IsDigit(text[end]); end++)
        {
            value = unchecked((value * 10) + (text[end] - '0'));
        }

        return value;
    }
}
