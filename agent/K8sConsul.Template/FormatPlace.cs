using System.Text;

namespace K8sConsul.Template;

/// <summary>How far a format has been read, and which argument is next.</summary>
internal ref struct FormatPlace(string format)
{
    // Go's bound on widths and precisions.
    private const int NumberMax = 1_000_000;

    private int _at;

    public int Argument { get; set; }

    /// <summary>Some verb has picked its argument: what is left over is no mistake then.</summary>
    public bool UsesIndexes { get; private set; }

    /// <summary>The verb at work has an index that leads nowhere, or one at a wrong place.</summary>
    public bool BadIndex { get; set; }

    /// <summary>An index has just been read.</summary>
    public bool AfterIndex { get; private set; }

    public readonly bool AtEnd => _at >= format.Length;

    private readonly char Current => _at < format.Length ? format[_at] : '\0';

    /// <summary>Up to the next percent sign.</summary>
    public bool TryReadText(out string text)
    {
        int start = _at;
        int found = start < format.Length ? format.IndexOf('%', start) : -1;
        _at = found < 0 ? format.Length : found;
        text = format[start.._at];
        return start < format.Length;
    }

    public void SkipPercent() => _at++;

    public void BeginVerb()
    {
        BadIndex = false;
        AfterIndex = false;
    }

    public FormatFlags ReadFlags()
    {
        var flags = default(FormatFlags);
        while (!AtEnd)
        {
            switch (Current)
            {
                case '#':
                    flags.Sharp = true;
                    break;
                case '0':
                    flags.Zero = true;
                    break;
                case '+':
                    flags.Plus = true;
                    break;
                case '-':
                    flags.Minus = true;
                    break;
                case ' ':
                    flags.Space = true;
                    break;
                default:
                    return flags;
            }

            _at++;
        }

        return flags;
    }

    /// <summary><c>[n]</c>, if there is one.</summary>
    public void ReadIndex(int count)
    {
        AfterIndex = false;
        if (Current != '[')
        {
            return;
        }

        UsesIndexes = true;
        int end = format.IndexOf(']', _at);
        if (end < 0 || format.Length - _at < 3)
        {
            _at++;
            BadIndex = true;
            return;
        }

        int start = _at + 1;
        _at = start;
        int? number = ReadNumber(end);
        bool isNumber = number is not null && _at == end;
        _at = end + 1;
        AfterIndex = isNumber;
        if (isNumber && number >= 1 && number <= count)
        {
            Argument = number.Value - 1;
        }
        else
        {
            BadIndex = true;
        }
    }

    public bool TryTakeStar() => TryTake('*');

    /// <summary>A dot at the very end is a verb, and a wrong one.</summary>
    public bool TryTakeDot() => _at + 1 < format.Length && TryTake('.');

    /// <returns>Null: no number, or one so large that the rest of the format is lost.</returns>
    public int? ReadNumber() => ReadNumber(format.Length);

    public bool TryReadVerb(out Rune verb)
    {
        verb = default;
        if (AtEnd)
        {
            return false;
        }

        Rune.DecodeFromUtf16(format.AsSpan(_at), out verb, out int length);
        _at += length;
        return true;
    }

    private int? ReadNumber(int end)
    {
        int start = _at;
        int number = 0;
        while (_at < end && char.IsAsciiDigit(format[_at]))
        {
            if (number > NumberMax)
            {
                _at = end;
                return null;
            }

            number = (number * 10) + (format[_at] - '0');
            _at++;
        }

        return _at > start ? number : null;
    }

    private bool TryTake(char c)
    {
        if (Current != c)
        {
            return false;
        }

        _at++;
        AfterIndex &= c != '*';
        return true;
    }
}
