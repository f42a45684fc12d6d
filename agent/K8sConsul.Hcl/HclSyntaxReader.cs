namespace K8sConsul.Hcl;

/// <summary>From tokens to the syntax tree. Which mistakes it forgives is Consul's choice and not ours.</summary>
internal sealed class HclSyntaxReader
{
    private readonly HclScanner _scanner;
    private HclToken _token;
    private bool _again;
    private int _nesting;

    public HclSyntaxReader(byte[] source)
    {
        _scanner = new HclScanner(source);
    }

    /// <summary>The items of the whole text.</summary>
    /// <exception cref="HclRefusedException">The scanner's latest mistake if it made any, else the first of this reader's.</exception>
    public IReadOnlyList<HclItem> ReadFile()
    {
        var items = new List<HclItem>();
        string? error = null;
        try
        {
            ReadItems(items, insideBraces: false);
        }
        catch (HclRefusedException refused)
        {
            error = refused.Message;
        }

        error = _scanner.Error ?? error;
        return error is null ? items : throw new HclRefusedException(error);
    }

    /// <summary>Adds to the list as it goes, as what was read before a forgiven mistake stays.</summary>
    private void ReadItems(List<HclItem> items, bool insideBraces)
    {
        while (true)
        {
            if (insideBraces)
            {
                HclToken next = Scan();
                _again = true;
                if (next.Type == HclTokenType.RightBrace)
                {
                    return;
                }
            }

            HclItem? item = ReadItem();
            if (item is null)
            {
                return;
            }

            items.Add(item.Value);
            if (Scan().Type != HclTokenType.Comma)
            {
                _again = true;
            }
        }
    }

    /// <summary>Null at the end of the text, even right after a key's <c>=</c>.</summary>
    private HclItem? ReadItem()
    {
        var keys = new List<HclToken>();
        if (!TryReadKeys(keys) && keys.Count == 0)
        {
            return null;
        }

        HclNode? value;
        switch (_token.Type)
        {
            case HclTokenType.Assign:
                value = ReadValue();
                break;
            case HclTokenType.LeftBrace:
                value = ReadObject();
                break;
            default:
                SourcePosition position = _token.Position;
                if (_token.Type == HclTokenType.RightBrace)
                {
                    // Otherwise the object around would take this brace for its own end and forgive the mistake.
                    _token = _token with { Type = HclTokenType.Eof };
                }

                string names = string.Join(' ', keys.Select(key => key.Text));
                throw new HclRefusedException(position, $"key '{names}' expected start of object ('{{') or assignment ('=')");
        }

        if (value is null)
        {
            return null;
        }

        Scan();
        _again = true;
        return new HclItem(keys, value);
    }

    /// <summary>False at the end of the text. After true the current token tells what follows the keys.</summary>
    private bool TryReadKeys(List<HclToken> keys)
    {
        while (true)
        {
            HclToken token = Scan();
            switch (token.Type)
            {
                case HclTokenType.Eof:
                    return false;
                case HclTokenType.Assign when keys.Count > 1:
                    throw new HclRefusedException(token.Position, "nested object expected: LBRACE got: ASSIGN");
                case HclTokenType.Assign when keys.Count == 0:
                    throw new HclRefusedException(token.Position, "no object keys found!");
                case HclTokenType.LeftBrace when keys.Count == 0:
                    throw new HclRefusedException(token.Position, "expected: IDENT | STRING got: LBRACE");
                case HclTokenType.Assign or HclTokenType.LeftBrace:
                    return true;
                case HclTokenType.Ident or HclTokenType.String:
                    keys.Add(token);
                    break;
                case HclTokenType.RightBrace when keys.Count > 0:
                    return true;
                case HclTokenType.Illegal:
                    throw new HclRefusedException(token.Position, "illegal character");
                default:
                    throw new HclRefusedException(
                        token.Position, $"expected: IDENT | STRING | ASSIGN | LBRACE got: {token.TypeName}");
            }
        }
    }

    /// <summary>Null at the end of the text.</summary>
    private HclNode? ReadValue()
    {
        HclToken token = Scan();
        switch (token.Type)
        {
            case HclTokenType.Number or HclTokenType.Float or HclTokenType.Bool or HclTokenType.String or HclTokenType.Heredoc:
                return new HclLiteralNode(token);
            case HclTokenType.LeftBrace:
                return ReadObject();
            case HclTokenType.LeftBracket:
                return ReadList();
            case HclTokenType.Eof:
                return null;
            default:
                throw new HclRefusedException(token.Position, $"Unknown token: {token}");
        }
    }

    private HclObjectNode ReadObject()
    {
        SourcePosition start = _token.Position;
        var items = new List<HclItem>();
        int outside = _nesting;
        Enter();
        try
        {
            ReadItems(items, insideBraces: true);
        }
        catch (HclRefusedException) when (_token.Type == HclTokenType.RightBrace)
        {
            // Consul forgives a mistake that shows at a closing brace, if another one follows: `a { b = } }` is empty.
        }

        HclToken token = Scan();
        if (token.Type != HclTokenType.RightBrace)
        {
            throw new HclRefusedException(token.Position, $"object expected closing RBRACE got: {token.TypeName}");
        }

        _nesting = outside;
        return new HclObjectNode(items, start);
    }

    private HclListNode ReadList()
    {
        SourcePosition start = _token.Position;
        var items = new List<HclNode>();
        bool needComma = false;
        Enter();
        while (true)
        {
            HclToken token = Scan();
            if (needComma && token.Type is not (HclTokenType.Comma or HclTokenType.RightBracket))
            {
                throw new HclRefusedException(
                    token.Position, $"error parsing list, expected comma or list end, got: {token.TypeName}");
            }

            switch (token.Type)
            {
                case HclTokenType.Bool or HclTokenType.Number or HclTokenType.Float or HclTokenType.String or HclTokenType.Heredoc:
                    items.Add(new HclLiteralNode(token));
                    needComma = true;
                    break;
                case HclTokenType.Comma:
                    Scan();
                    _again = true;
                    needComma = false;
                    break;
                case HclTokenType.LeftBrace:
                    items.Add(ReadWithin("object", token, ReadObject));
                    needComma = true;
                    break;
                case HclTokenType.LeftBracket:
                    // Lists within a list need no comma between them.
                    items.Add(ReadWithin("list", token, ReadList));
                    break;
                case HclTokenType.RightBracket:
                    _nesting--;
                    return new HclListNode(items, start);
                default:
                    throw new HclRefusedException(token.Position, $"unexpected token while parsing list: {token.TypeName}");
            }
        }
    }

    private static HclNode ReadWithin(string kind, HclToken start, Func<HclNode> read)
    {
        try
        {
            return read();
        }
        catch (HclRefusedException refused)
        {
            throw new HclRefusedException(start.Position, $"error while trying to parse {kind} within list: {refused.Message}");
        }
    }

    private void Enter()
    {
        if (++_nesting > SourceLimits.NestingMax)
        {
            // The token type keeps an enclosing object from forgiving this one.
            _token = _token with { Type = HclTokenType.Eof };
            throw new HclRefusedException(_token.Position, $"more than {SourceLimits.NestingMax} levels of nesting");
        }
    }

    private HclToken Scan()
    {
        if (_again)
        {
            _again = false;
            return _token;
        }

        do
        {
            _token = _scanner.Scan();
        }
        while (_token.Type == HclTokenType.Comment);
        return _token;
    }
}
