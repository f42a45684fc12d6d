using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Filter;

/// <content>Matches and what they are made of: selectors, operators and values.</content>
internal sealed partial class ExpressionParser
{
    private static readonly (string[] Words, MatchOperator Operator)[] s_wordOperators =
    [
        (["contains"], MatchOperator.In),
        (["not", "contains"], MatchOperator.NotIn),
        (["matches"], MatchOperator.Matches),
        (["not", "matches"], MatchOperator.NotMatches),
    ];

    private static readonly (string[] Words, MatchOperator Operator)[] s_emptyOperators =
    [
        (["is", "empty"], MatchOperator.IsEmpty),
        (["is", "not", "empty"], MatchOperator.IsNotEmpty),
    ];

    private static readonly (string[] Words, MatchOperator Operator)[] s_inOperators =
    [
        (["in"], MatchOperator.In),
        (["not", "in"], MatchOperator.NotIn),
    ];

    private FilterNode? Match()
    {
        int start = _position;
        if (TrySelector(out Selector selector))
        {
            int afterSelector = _position;
            if (TryComparison(out MatchOperator comparison) && TryValue(out string? operand))
            {
                return new FilterNode.Match(selector, comparison, operand);
            }

            _position = afterSelector;
            if (TryOperator(s_emptyOperators, spaceAfter: false, out MatchOperator emptiness))
            {
                return new FilterNode.Match(selector, emptiness, null);
            }
        }

        _position = start;
        if (!TryValue(out string? value) || !TryOperator(s_inOperators, spaceAfter: true, out MatchOperator membership))
        {
            return null;
        }

        if (TrySelector(out Selector container))
        {
            return new FilterNode.Match(container, membership, value);
        }

        AddError(_position, "match", "Invalid selector");
        return null;
    }

    private bool TryComparison(out MatchOperator op)
    {
        if (Try(() =>
        {
            OptionalWhitespace();
            return Literal("==", "\"==\"");
        }))
        {
            OptionalWhitespace();
            op = MatchOperator.Equal;
            return true;
        }

        if (Try(() =>
        {
            OptionalWhitespace();
            return Literal("!=", "\"!=\"");
        }))
        {
            OptionalWhitespace();
            op = MatchOperator.NotEqual;
            return true;
        }

        return TryOperator(s_wordOperators, spaceAfter: true, out op);
    }

    private bool TryOperator((string[] Words, MatchOperator Operator)[] candidates, bool spaceAfter, out MatchOperator op)
    {
        foreach ((string[] words, MatchOperator candidate) in candidates)
        {
            op = candidate;
            if (Try(() => Words(words) && (!spaceAfter || Whitespace())))
            {
                return true;
            }
        }

        op = default;
        return false;
    }

    private bool Words(string[] words)
    {
        foreach (string word in words)
        {
            if (!Whitespace() || !Literal(word, $"\"{word}\""))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySelector(out Selector selector)
    {
        selector = default;
        if (!TryIdentifier(out string? first))
        {
            return false;
        }

        List<string> path = [first];
        while (true)
        {
            int start = _position;
            if (Literal(".", "\".\"") && TryIdentifier(out string? name))
            {
                path.Add(name);
                continue;
            }

            _position = start;
            if (!TryIndex(out string? key))
            {
                _position = start;
                break;
            }

            path.Add(key);
        }

        selector = new Selector(path);
        return true;
    }

    private bool TryIdentifier([NotNullWhen(true)] out string? name)
    {
        int start = _position;
        name = null;
        if (!OneOf(char.IsAsciiLetter, "[a-zA-Z]"))
        {
            return false;
        }

        while (OneOf(c => char.IsAsciiLetterOrDigit(c) || c == '_', "[a-zA-Z0-9_]"))
        {
        }

        name = _text[start.._position];
        return true;
    }

    private bool TryIndex([NotNullWhen(true)] out string? key)
    {
        key = null;
        if (!Literal("[", "\"[\""))
        {
            return false;
        }

        OptionalWhitespace();
        int beforeLiteral = _position;
        if (!TryString(out key))
        {
            _position = beforeLiteral;
            AddError(_position, "index", "Invalid index");
            return false;
        }

        OptionalWhitespace();
        if (Literal("]", "\"]\""))
        {
            return true;
        }

        AddError(_position, "index", "Unclosed index expression");
        key = null;
        return false;
    }

    private bool TryValue([NotNullWhen(true)] out string? value)
    {
        int start = _position;
        if (TrySelector(out Selector selector))
        {
            value = selector.ToString();
            return true;
        }

        return TryNumber(start, out value) || TryString(out value);
    }

    private bool TryNumber(int start, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!Try(IntegerOrFloat))
        {
            return false;
        }

        int end = _position;
        bool ends = Whitespace() || EndOfText() || Literal(")", "\")\"");
        _position = end;
        if (!ends)
        {
            AddError(end, "number", "Invalid number literal");
            _position = start;
            return false;
        }

        value = _text[start..end];
        return true;
    }

    private bool IntegerOrFloat()
    {
        _ = Literal("-", "\"-\"");
        if (!Literal("0", "\"0\""))
        {
            if (!OneOf(c => c is >= '1' and <= '9', "[1-9]"))
            {
                return false;
            }

            Digits();
        }

        _ = Try(() =>
        {
            if (!Literal(".", "\".\"") || !OneOf(char.IsAsciiDigit, "[0-9]"))
            {
                return false;
            }

            Digits();
            return true;
        });
        return true;
    }

    private void Digits()
    {
        while (OneOf(char.IsAsciiDigit, "[0-9]"))
        {
        }
    }

    private bool TryString([NotNullWhen(true)] out string? value)
    {
        int start = _position;
        value = null;
        if (Quoted('`', "\"`\"") || Quoted('"', "\"\\\"\""))
        {
            if (!GoLiteral.TryUnquote(_text.AsSpan(start, _position - start), out value))
            {
                AddError(start, "string", "invalid syntax");
            }

            return true;
        }

        if (!AtEnd && _text[start] is '`' or '"')
        {
            AddError(_text.Length, "string", "Unterminated string literal");
        }

        return false;
    }

    /// <summary>Reads from a quote to its next occurrence. There is no escaping of quotes in the grammar.</summary>
    private bool Quoted(char quote, string shown)
    {
        int start = _position;
        string mark = quote.ToString();
        if (Literal(mark, shown))
        {
            while (Try(() => NotAhead(() => Literal(mark, shown)) && AnyCharacter()))
            {
            }

            if (Literal(mark, shown))
            {
                return true;
            }
        }

        _position = start;
        return false;
    }
}
