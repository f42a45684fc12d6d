namespace K8sConsul.Template;

/// <summary>Builds the tree of one template. A definition inside a text gets a parser of its own on the same tokens.</summary>
/// <remarks>
/// Up to three tokens can be given back, which <c>$x foo</c> against <c>$x := foo</c> needs. An error names the line of the
/// token read last by this very parser, which shows when a definition inside it was at work in between.
/// </remarks>
internal sealed partial class Parser
{
    private readonly ParseSession _session;

    // Those in scope, in the order of declaration; and how often each name is among them.
    private readonly List<string> _variables = [];
    private readonly Dictionary<string, int> _inScope = new(StringComparer.Ordinal);

    // The given-back tokens, the next one last.
    private readonly Token[] _ahead = new Token[3];
    private int _aheadCount;

    // The line on which the action at work began; 0 between actions.
    private int _actionLine;
    private int _loops;

    private Parser(ParseSession session)
    {
        _session = session;
        Declare("$");
    }

    private SourceText Source => _session.Source;

    /// <summary>The templates of a text by name, the main one under the text's own.</summary>
    /// <exception cref="TemplateException">The text is refused.</exception>
    public static Dictionary<string, TemplateTree> Parse(
        string name, string text, Delimiters delimiters, Func<string, bool> isFunction, TemplateLimits limits)
    {
        if (text.Length > limits.SourceLengthMax)
        {
            throw new TemplateException(
                TemplateErrorKind.Limit,
                $"template: {name}:1: the text has {text.Length} characters, more than the {limits.SourceLengthMax} allowed");
        }

        var lexer = new Lexer(text, delimiters.OrDefault(), isFunction);
        var session = new ParseSession(new SourceText(name, text), lexer, isFunction, limits);
        var parser = new Parser(session);
        parser.ParseText(name);
        return session.Trees;
    }

    private void ParseText(string name)
    {
        var nodes = new List<Node>();
        int start = Peek().Position;
        while (Peek().Kind != TokenKind.EndOfText)
        {
            if (Peek().Kind == TokenKind.LeftDelimiter)
            {
                Token delimiter = Next();
                if (NextNonSpace().Kind == TokenKind.Define)
                {
                    new Parser(_session).ParseDefinition();
                    continue;
                }

                GiveBackTwo(delimiter);
            }

            Node node = TextOrAction();
            if (node is Node.Boundary)
            {
                throw Refuse($"unexpected {node}");
            }

            nodes.Add(node);
        }

        Add(name, new Node.List(Source, start, nodes));
    }

    private void ParseDefinition()
    {
        const string Context = "define clause";
        Token name = NextNonSpace();
        if (name.Kind is not (TokenKind.String or TokenKind.RawString))
        {
            throw Unexpected(name, Context);
        }

        string text = Unquote(name);
        Expect(TokenKind.RightDelimiter, Context);
        Node.List root = ItemList(out Node.Boundary end);
        if (!end.IsEnd)
        {
            throw Refuse($"unexpected {end} in {Context}");
        }

        Add(text, root);
    }

    private void Add(string name, Node.List root)
    {
        if (!_session.Trees.TryGetValue(name, out TemplateTree? old) || old.Root.IsBlank)
        {
            _session.Trees[name] = new TemplateTree(name, root);
        }
        else if (!root.IsBlank)
        {
            throw Refuse($"template: multiple definition of template {Go.GoText.Quote(name)}");
        }
    }

    /// <summary>Up to the <c>{{end}}</c> or <c>{{else}}</c> that ends the list.</summary>
    private Node.List ItemList(out Node.Boundary boundary)
    {
        var nodes = new List<Node>();
        int start = PeekNonSpace().Position;
        while (PeekNonSpace().Kind != TokenKind.EndOfText)
        {
            Node node = TextOrAction();
            if (node is Node.Boundary end)
            {
                boundary = end;
                return new Node.List(Source, start, nodes);
            }

            nodes.Add(node);
        }

        throw Refuse("unexpected EOF");
    }

    private Node TextOrAction()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Node.Text(Source, token.Position, token.Text);
            case TokenKind.LeftDelimiter:
                _actionLine = token.Line;
                Node action = Action();
                _actionLine = 0;
                return action;
            default:
                throw Unexpected(token, "input");
        }
    }

    private string Unquote(Token token)
    {
        return GoLiteral.TryUnquote(token.Text, out string text) ? text : throw Refuse("invalid syntax");
    }

    private Token Next()
    {
        if (_aheadCount > 0)
        {
            _aheadCount--;
        }
        else
        {
            _ahead[0] = _session.Lexer.Next();
        }

        return _ahead[_aheadCount];
    }

    private Token Peek()
    {
        if (_aheadCount == 0)
        {
            _ahead[0] = _session.Lexer.Next();
            _aheadCount = 1;
        }

        return _ahead[_aheadCount - 1];
    }

    private Token NextNonSpace()
    {
        Token token;
        do
        {
            token = Next();
        }
        while (token.Kind == TokenKind.Space);
        return token;
    }

    private Token PeekNonSpace()
    {
        Token token = NextNonSpace();
        GiveBack();
        return token;
    }

    private void GiveBack() => _aheadCount++;

    /// <summary>The token just read, and one before it.</summary>
    private void GiveBackTwo(Token before)
    {
        _ahead[1] = before;
        _aheadCount = 2;
    }

    private void GiveBackThree(Token first, Token second)
    {
        _ahead[1] = second;
        _ahead[2] = first;
        _aheadCount = 3;
    }

    private Token Expect(TokenKind kind, string context)
    {
        Token token = NextNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    private TemplateException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
        {
            return Refuse($"unexpected {token} in {context}");
        }

        if (_actionLine == 0 || _actionLine == token.Line)
        {
            return Refuse(token.Text);
        }

        // Not "action in action".
        string action = token.Text.EndsWith(" action", StringComparison.Ordinal) ? "" : " in action";
        return Refuse($"{token.Text}{action} started at {Source.Name}:{_actionLine}");
    }

    private TemplateException Refuse(string message)
    {
        return new TemplateException(TemplateErrorKind.Parse, $"template: {Source.Name}:{_ahead[0].Line}: {message}");
    }

    private void Declare(string variable)
    {
        _variables.Add(variable);
        _inScope[variable] = _inScope.GetValueOrDefault(variable) + 1;
    }

    private void Forget(int variablesKept)
    {
        for (int i = variablesKept; i < _variables.Count; i++)
        {
            _inScope[_variables[i]]--;
        }

        _variables.RemoveRange(variablesKept, _variables.Count - variablesKept);
    }

    private void Enter(string tooDeep)
    {
        if (!_session.TryEnter())
        {
            throw new TemplateException(TemplateErrorKind.Limit, $"template: {Source.Name}:{_ahead[0].Line}: {tooDeep}");
        }
    }
}
