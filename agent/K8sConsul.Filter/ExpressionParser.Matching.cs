using System.Globalization;
using System.Text;

namespace K8sConsul.Filter;

/// <content>
/// The matching half: go-bexpr's parser is generated from a parsing expression grammar, and its error text lists what could
/// have stood at the farthest place reached. So that the texts agree, terminals record their failures as that generator's do.
/// </content>
internal sealed partial class ExpressionParser
{
    private readonly SortedSet<string> _expected = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];
    private int _farthest;

    /// <summary>Inside a <c>!</c> predicate a success is what fails the parse, so successes are recorded instead of failures.</summary>
    private bool _inverted;

    private bool AtEnd => _position >= _text.Length;

    /// <summary>Matches a literal and steps over it.</summary>
    /// <param name="word">The literal.</param>
    /// <param name="shown">As the grammar shows it in error texts, in quotes.</param>
    private bool Literal(string word, string shown)
    {
        bool matched = string.CompareOrdinal(_text, _position, word, 0, word.Length) == 0;
        Record(matched, shown);
        _position += matched ? word.Length : 0;
        return matched;
    }

    private bool OneOf(Func<char, bool> isMember, string shown)
    {
        bool matched = !AtEnd && isMember(_text[_position]);
        Record(matched, shown);
        _position += matched ? 1 : 0;
        return matched;
    }

    private bool AnyCharacter()
    {
        bool matched = !AtEnd;
        Record(matched, ".");
        if (matched)
        {
            _position += char.IsSurrogatePair(_text, _position) ? 2 : 1;
        }

        return matched;
    }

    private bool EndOfText() => NotAhead(AnyCharacter);

    private bool NotAhead(Func<bool> rule)
    {
        int start = _position;
        _inverted = !_inverted;
        bool matched = rule();
        _inverted = !_inverted;
        _position = start;
        return !matched;
    }

    private bool Whitespace()
    {
        if (!OneOf(IsWhitespace, @"[ \t\r\n]"))
        {
            return false;
        }

        while (OneOf(IsWhitespace, @"[ \t\r\n]"))
        {
        }

        return true;
    }

    private void OptionalWhitespace() => Whitespace();

    private static bool IsWhitespace(char c) => c is ' ' or '\t' or '\r' or '\n';

    /// <summary>Tries a rule; when it fails nothing has been read.</summary>
    private bool Try(Func<bool> rule)
    {
        int start = _position;
        if (rule())
        {
            return true;
        }

        _position = start;
        return false;
    }

    private void Record(bool matched, string shown)
    {
        if (matched != _inverted || _position < _farthest)
        {
            return;
        }

        if (_position > _farthest)
        {
            _farthest = _position;
            _expected.Clear();
        }

        _expected.Add(_inverted ? "!" + shown : shown);
    }

    /// <summary>Notes an error that fails the whole parse even where another alternative then succeeds.</summary>
    private void AddError(int position, string rule, string message)
    {
        string error = $"{Place(position)}: rule \"{rule}\": {message}";
        if (!_errors.Contains(error))
        {
            _errors.Add(error);
        }
    }

    private string ErrorText()
    {
        if (_errors.Count > 0)
        {
            return string.Join('\n', _errors);
        }

        // "!." is how the grammar spells the end of the text; it is shown last and by name.
        List<string> expected = [.. _expected];
        if (expected.Remove("!."))
        {
            expected.Add("EOF");
        }

        string list = expected.Count switch
        {
            0 => "",
            1 => expected[0],
            _ => string.Join(", ", expected.Take(expected.Count - 1)) + " or " + expected[^1],
        };
        return $"{Place(_farthest)}: no match found, expected: {list}";
    }

    /// <summary>Line, column in characters, and offset in bytes of UTF-8. A line feed is column 0 of the line it opens.</summary>
    private string Place(int position)
    {
        int line = 1;
        int column = 0;
        int index = 0;
        while (true)
        {
            column++;
            if (index < _text.Length && _text[index] == '\n')
            {
                line++;
                column = 0;
            }

            if (index >= position)
            {
                break;
            }

            index += char.IsHighSurrogate(_text[index]) && index + 1 < _text.Length ? 2 : 1;
        }

        int offset = Encoding.UTF8.GetByteCount(_text.AsSpan(0, position));
        return string.Create(CultureInfo.InvariantCulture, $"{line}:{column} ({offset})");
    }
}
