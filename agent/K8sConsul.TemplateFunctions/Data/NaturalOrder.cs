using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>The order of keys in Go's YAML: numbers within texts by their value, and other marks before letters.</summary>
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

        bool afterDigit = at > 0 && char.IsDigit(left[at - 1]);
        bool leftIsLetter = char.IsLetter(left[at]);
        bool rightIsLetter = char.IsLetter(right[at]);
        if (leftIsLetter != rightIsLetter)
        {
            // A number that goes on is greater than one that a letter ends.
            bool lettersFirst = afterDigit && (char.IsDigit(left[at]) || char.IsDigit(right[at]));
            return leftIsLetter == lettersFirst ? -1 : 1;
        }

        if (!leftIsLetter && char.IsDigit(left[at]) && char.IsDigit(right[at]))
        {
            int byNumber = NumberAround(left, at).CompareTo(NumberAround(right, at));
            return byNumber != 0 ? byNumber : Utf8Text.Compare(left, right);
        }

        if (!leftIsLetter && afterDigit && char.IsDigit(left[at]) != char.IsDigit(right[at]))
        {
            return char.IsDigit(left[at]) ? 1 : -1;
        }

        return Utf8Text.Compare(left, right);
    }

    private static System.Numerics.BigInteger NumberAround(string text, int at)
    {
        const int DigitsMax = 64;
        int start = at;
        while (start > 0 && at - start < DigitsMax && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        System.Numerics.BigInteger value = 0;
        for (int i = start; i < text.Length && i - at < DigitsMax && char.IsAsciiDigit(text[i]); i++)
        {
            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
