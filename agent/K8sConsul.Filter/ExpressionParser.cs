namespace K8sConsul.Filter;

/// <summary>
/// Reads go-bexpr's grammar by recursive descent, alternative by alternative in the grammar's order, because both the error
/// texts and some results depend on that order (a keyword may also be a name). Used once.
/// </summary>
/// <remarks>
/// <code>
/// input := "(" or ")" | or                and := not ( "and" not )*
/// or    := and ( "or" and )*              not := "not" not | group
/// group := "(" or ")" | match             match := selector op value | selector "is" ["not"] "empty" | value ["not"] "in" selector
/// </code>
/// The grammar's <c>or</c> and <c>and</c> recurse to the right; read in a loop they accept the same texts.
/// </remarks>
internal sealed partial class ExpressionParser(string text)
{
    private readonly string _text = text;

    // An unclosed parenthesis makes the grammar read its content a second time only to say so. Without remembering the first
    // outcome, n of them would cost 2^n.
    private readonly Dictionary<int, (FilterNode? Node, int End)> _orAt = [];

    private int _position;
    private int _depth;
    private bool _tooDeep;

    /// <summary>Reads the whole text.</summary>
    /// <returns>Null with <paramref name="error"/> set when the text is no expression.</returns>
    public FilterNode? Parse(out string? error)
    {
        FilterNode? node = Input();
        error = null;
        if (_tooDeep)
        {
            error = $"expression is nested deeper than the limit of {FilterLimits.DepthMax}";
            return null;
        }

        if (node is null || _errors.Count > 0)
        {
            error = ErrorText();
            return null;
        }

        return node;
    }

    private FilterNode? Input()
    {
        FilterNode? node = null;
        bool grouped = Try(() =>
        {
            OptionalWhitespace();
            if (!Literal("(", "\"(\""))
            {
                return false;
            }

            OptionalWhitespace();
            node = Or();
            if (node is null)
            {
                return false;
            }

            OptionalWhitespace();
            if (!Literal(")", "\")\""))
            {
                return false;
            }

            OptionalWhitespace();
            return EndOfText();
        });
        if (grouped)
        {
            return node;
        }

        OptionalWhitespace();
        node = Or();
        OptionalWhitespace();
        return node is not null && EndOfText() ? node : null;
    }

    private FilterNode? Or()
    {
        int start = _position;
        if (_orAt.TryGetValue(start, out (FilterNode? Node, int End) known))
        {
            _position = known.End;
            return known.Node;
        }

        FilterNode? node = null;
        if (++_depth > FilterLimits.DepthMax)
        {
            _tooDeep = true;
        }
        else
        {
            node = Chain("or", "\"or\"", And, operands => new FilterNode.Any(operands));
        }

        _depth--;
        _orAt[start] = (node, _position);
        return node;
    }

    private FilterNode? And() => Chain("and", "\"and\"", Not, operands => new FilterNode.All(operands));

    private FilterNode? Chain(string word, string shown, Func<FilterNode?> operand, Func<List<FilterNode>, FilterNode> join)
    {
        FilterNode? first = operand();
        if (first is null)
        {
            return null;
        }

        List<FilterNode>? all = null;
        while (Try(() =>
        {
            if (!Whitespace() || !Literal(word, shown) || !Whitespace() || operand() is not { } next)
            {
                return false;
            }

            all ??= [first];
            all.Add(next);
            return true;
        }))
        {
        }

        return all is null ? first : join(all);
    }

    private FilterNode? Not()
    {
        List<int> starts = [_position];
        while (Try(() => Literal("not", "\"not\"") && Whitespace()))
        {
            starts.Add(_position);
        }

        // The last `not` may turn out to be a bare word ("not in Tags" asks for a tag of that name), then the one before it.
        for (int nots = starts.Count - 1; nots >= 0; nots--)
        {
            _position = starts[nots];
            if (Group() is { } node)
            {
                return nots % 2 == 0 ? node : new FilterNode.Not(node);
            }
        }

        return null;
    }

    private FilterNode? Group()
    {
        if (_tooDeep)
        {
            return null;
        }

        int start = _position;
        FilterNode? inner = null;
        if (Literal("(", "\"(\""))
        {
            OptionalWhitespace();
            inner = Or();
            if (inner is not null)
            {
                OptionalWhitespace();
                if (Literal(")", "\")\""))
                {
                    return inner;
                }
            }
        }

        _position = start;
        if (Match() is { } match)
        {
            return match;
        }

        _position = start;
        if (inner is not null)
        {
            _ = Literal("(", "\"(\"");
            OptionalWhitespace();
            _ = Or();
            OptionalWhitespace();
            if (NotAhead(() => Literal(")", "\")\"")))
            {
                AddError(_position, "grouping", "Unmatched parentheses");
            }

            _position = start;
        }

        return null;
    }
}
