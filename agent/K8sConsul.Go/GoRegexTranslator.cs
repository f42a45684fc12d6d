using System.Globalization;
using System.Text;

namespace K8sConsul.Go;

/// <summary>
/// Checks a pattern as Go's <c>regexp/syntax</c> does and writes the equal pattern for .NET. Everything with a different meaning
/// is spelled out: classes as code-unit alternatives (RE2 matches code points), <c>$</c> as end of text, flags in place.
/// Used once.
/// </summary>
/// <param name="pattern">In Go's syntax.</param>
/// <param name="captures">Groups are numbered as in Go, and lazy repeats stay lazy. Otherwise only whether there is a match is kept.</param>
internal sealed partial class GoRegexTranslator(string pattern, bool captures = false)
{
    private const int RepeatMax = 1000;

    private readonly string _pattern = pattern;
    private readonly Stack<Frame> _frames = new();
    private Frame _frame = new();
    private readonly List<string> _groupNames = [""];
    private int _position;
    private int _size;

    /// <summary>One open group: its flags, what is written of it, and where its last repeatable item began.</summary>
    private sealed class Frame
    {
        public StringBuilder Text { get; } = new();

        /// <summary>0: the group does not capture.</summary>
        public int Number { get; set; }

        public Flags Flags { get; set; } = Flags.OneLine;

        /// <summary>Where in <see cref="Text"/> the item begins that a repeat would bind to; -1: there is none.</summary>
        public int ItemStart { get; set; } = -1;

        /// <summary>How often the item's costliest part is already repeated by counts; 0 when by none.</summary>
        public int ItemRepeats { get; set; }

        public int ItemSize { get; set; }

        /// <summary>The same over all items, for when this group becomes an item.</summary>
        public int RepeatsMax { get; set; }

        public int Size { get; set; }
    }

    [Flags]
    private enum Flags
    {
        None = 0,
        FoldCase = 1,
        OneLine = 2,
        DotNewLine = 4,
        NonGreedy = 8,
    }

    /// <summary>By number, once translated; empty for a group without a name, and for the whole match at 0.</summary>
    public IReadOnlyList<string> GroupNames => _groupNames;

    public string Translate()
    {
        if (_pattern.Length > GoRegex.LengthMax)
        {
            throw new GoRegexSyntaxException("expression too large", _pattern[..32] + "…");
        }

        // Where the last operator was a repeat: its start, so that a second one on top ("a**") is refused with both.
        int lastRepeat = -1;
        while (_position < _pattern.Length)
        {
            int repeat = -1;
            char c = _pattern[_position];
            switch (c)
            {
                case '(':
                    Open();
                    break;
                case ')':
                    Close();
                    break;
                case '|':
                    _frame.Text.Append('|');
                    _frame.ItemStart = -1;
                    _position++;
                    break;
                case '^':
                    Item(_frame.Flags.HasFlag(Flags.OneLine) ? @"\A" : "(?m:^)", 1);
                    _position++;
                    break;
                case '$':
                    Item(_frame.Flags.HasFlag(Flags.OneLine) ? @"\z" : "(?m:$)", 1);
                    _position++;
                    break;
                case '.':
                    Class(_frame.Flags.HasFlag(Flags.DotNewLine) ? RuneSet.All : RuneSet.All.Without('\n', '\n'));
                    _position++;
                    break;
                case '[':
                    ReadClass();
                    break;
                case '*':
                case '+':
                case '?':
                    repeat = _position;
                    _position++;
                    Repeat(repeat, c == '+' ? 1 : 0, c == '?' ? 1 : -1, lastRepeat);
                    break;
                case '{' when TryReadCounts(out int min, out int max, out int end):
                    repeat = _position;
                    if (min > RepeatMax || max > RepeatMax || (max >= 0 && min > max))
                    {
                        throw new GoRegexSyntaxException("invalid repeat count", _pattern[_position..end]);
                    }

                    _position = end;
                    Repeat(repeat, min, max, lastRepeat);
                    break;
                case '\\':
                    Escape();
                    break;
                default:
                    LiteralAt();
                    break;
            }

            lastRepeat = repeat;
        }

        if (_frames.Count > 0)
        {
            throw new GoRegexSyntaxException("missing closing )", _pattern);
        }

        return _frame.Text.ToString();
    }

    private void Open()
    {
        Flags inner = _frame.Flags;
        int number = 0;
        if (_position + 1 < _pattern.Length && _pattern[_position + 1] == '?')
        {
            if (!ReadPerlGroup(ref inner, ref number))
            {
                _frame.Flags = inner;
                return;
            }
        }
        else
        {
            number = NumberOf("");
            _position++;
        }

        _frames.Push(_frame);
        _frame = new Frame { Flags = inner, Number = number };
    }

    private int NumberOf(string name)
    {
        _groupNames.Add(name);
        return captures ? _groupNames.Count - 1 : 0;
    }

    /// <summary>Reads <c>(?P&lt;name&gt;</c> and <c>(?flags:</c>, which open a group, and <c>(?flags)</c>, which does not.</summary>
    private bool ReadPerlGroup(ref Flags flags, ref int number)
    {
        int start = _position;
        string rest = _pattern[start..];
        if (rest.StartsWith("(?P<", StringComparison.Ordinal) && rest.Length > 4)
        {
            int end = rest.IndexOf('>', StringComparison.Ordinal);
            if (end < 0)
            {
                throw new GoRegexSyntaxException("invalid named capture", rest);
            }

            string name = rest[4..end];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new GoRegexSyntaxException("invalid named capture", rest[..(end + 1)]);
            }

            number = NumberOf(name);
            _position = start + end + 1;
            return true;
        }

        bool clear = false;
        bool sawFlag = false;
        Flags read = flags;
        for (int i = start + 2; i < _pattern.Length; i++)
        {
            char c = _pattern[i];
            Flags? flag = c switch
            {
                'i' => Flags.FoldCase,
                'm' => Flags.OneLine,
                's' => Flags.DotNewLine,
                'U' => Flags.NonGreedy,
                _ => null,
            };
            if (flag is { } known)
            {
                // m is spelled the other way round: it turns "one line" off.
                bool set = known == Flags.OneLine ? clear : !clear;
                read = set ? read | known : read & ~known;
                sawFlag = true;
                continue;
            }

            if (c == '-' && !clear)
            {
                clear = true;
                sawFlag = false;
                continue;
            }

            if (c is ':' or ')' && (!clear || sawFlag))
            {
                flags = read;
                _position = i + 1;
                return c == ':';
            }

            throw new GoRegexSyntaxException("invalid or unsupported Perl syntax", _pattern[start..(i + RuneLength(i))]);
        }

        throw new GoRegexSyntaxException("invalid or unsupported Perl syntax", _pattern[start..]);
    }

    private void Close()
    {
        if (_frames.Count == 0)
        {
            throw new GoRegexSyntaxException("unexpected )", _pattern);
        }

        Frame closed = _frame;
        _frame = _frames.Pop();
        // .NET would number named groups behind the others; with numbers for names all stand in Go's order.
        string opening = closed.Number > 0 ? string.Create(CultureInfo.InvariantCulture, $"(?<{closed.Number}>") : "(?:";
        Item($"{opening}{closed.Text})", Math.Max(closed.Size, 1));
        _frame.ItemRepeats = closed.RepeatsMax;
        _frame.RepeatsMax = Math.Max(_frame.RepeatsMax, closed.RepeatsMax);
        _position++;
    }

    private void Repeat(int start, int min, int max, int lastRepeat)
    {
        // Laziness decides which match is found, not whether there is one.
        bool lazy = captures && _frame.Flags.HasFlag(Flags.NonGreedy);
        if (_position < _pattern.Length && _pattern[_position] == '?')
        {
            lazy = captures && !lazy;
            _position++;
        }

        if (lastRepeat >= 0)
        {
            throw new GoRegexSyntaxException("invalid nested repetition operator", _pattern[lastRepeat.._position]);
        }

        if (_frame.ItemStart < 0)
        {
            throw new GoRegexSyntaxException("missing argument to repetition operator", _pattern[start.._position]);
        }

        string item = _frame.Text.ToString(_frame.ItemStart, _frame.Text.Length - _frame.ItemStart);
        int counted = max < 0 ? min : max;
        if (min >= 2 || max >= 2)
        {
            _frame.ItemRepeats = counted * Math.Max(_frame.ItemRepeats, 1);
            if (_frame.ItemRepeats > RepeatMax)
            {
                throw new GoRegexSyntaxException("invalid repeat count", _pattern[start.._position]);
            }

            _frame.RepeatsMax = Math.Max(_frame.RepeatsMax, _frame.ItemRepeats);
            Grow(_frame.ItemSize * (counted - 1));
            _frame.ItemSize *= counted;
        }

        string count = (min, max) switch
        {
            (0, -1) => "*",
            (1, -1) => "+",
            (0, 1) => "?",
            (_, -1) => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{{{min},{max}}}"),
        };
        _frame.Text.Length = _frame.ItemStart;
        _frame.Text.Append("(?:").Append(item).Append(')').Append(count).Append(lazy ? "?" : "");
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; anything else makes the brace a literal.</summary>
    private bool TryReadCounts(out int min, out int max, out int end)
    {
        max = -1;
        end = _position + 1;
        if (!TryReadNumber(ref end, out min) || end >= _pattern.Length)
        {
            return false;
        }

        if (_pattern[end] != ',')
        {
            max = min;
        }
        else
        {
            end++;
            if (end < _pattern.Length && _pattern[end] != '}' && !TryReadNumber(ref end, out max))
            {
                return false;
            }
        }

        return end < _pattern.Length && _pattern[end++] == '}';
    }

    private bool TryReadNumber(ref int index, out int number)
    {
        int start = index;
        number = 0;
        while (index < _pattern.Length && char.IsAsciiDigit(_pattern[index]))
        {
            // One above the maximum stands for all greater numbers.
            number = Math.Min((number * 10) + (_pattern[index] - '0'), RepeatMax + 1);
            index++;
        }

        return index > start && (index == start + 1 || _pattern[start] != '0');
    }

    private void LiteralAt()
    {
        int length = RuneLength(_position);
        Class(RuneSet.Of(RuneAt(_position)));
        _position += length;
    }

    private bool IsPair(int index) => index + 1 < _pattern.Length && char.IsSurrogatePair(_pattern[index], _pattern[index + 1]);

    private int RuneAt(int index) => IsPair(index) ? char.ConvertToUtf32(_pattern, index) : _pattern[index];

    private int RuneLength(int index) => IsPair(index) ? 2 : 1;

    /// <summary>Writes a set of characters as one item, folded when case does not count.</summary>
    private void Class(RuneSet set)
    {
        RuneSet folded = _frame.Flags.HasFlag(Flags.FoldCase) ? set.FoldCase() : set;
        Item(folded.ToPattern(), 1);
    }

    private void Item(string text, int size)
    {
        _frame.ItemStart = _frame.Text.Length;
        _frame.ItemRepeats = 0;
        _frame.ItemSize = size;
        _frame.Text.Append(text);
        Grow(size);
    }

    private void Grow(int states)
    {
        _frame.Size += states;
        _size += states;
        if (_size > GoRegex.SizeMax)
        {
            throw new GoRegexSyntaxException("expression too large", _pattern);
        }
    }
}
