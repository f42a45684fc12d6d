namespace K8sConsul.Template;

/// <summary>Control structures, and invocations of other templates.</summary>
internal sealed partial class Parser
{
    private const string TooDeepControl = "control structures are nested too deeply";

    private Node Action()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block:
                return Block();
            case TokenKind.Break or TokenKind.Continue:
                return Jump(token);
            case TokenKind.Else:
                return Else();
            case TokenKind.End:
                return new Node.Boundary(Source, Expect(TokenKind.RightDelimiter, "end").Position, isEnd: true);
            case TokenKind.If or TokenKind.Range or TokenKind.With:
                return Control(token.Kind);
            case TokenKind.Template:
                return Invocation();
        }

        GiveBack();
        int position = Peek().Position;
        // Its variables live until the end of what it stands in.
        return new Node.Action(Source, position, Pipeline("command", TokenKind.RightDelimiter));
    }

    private Node.Branch Control(TokenKind word)
    {
        Enter(TooDeepControl);
        int variables = _variables.Count;
        Node.Pipeline pipeline = Pipeline(WordOf(word), TokenKind.RightDelimiter);
        _loops += word == TokenKind.Range ? 1 : 0;
        Node.List body = ItemList(out Node.Boundary boundary);
        _loops -= word == TokenKind.Range ? 1 : 0;
        Node.List? otherwise = boundary.IsEnd ? null : Otherwise(word, boundary);
        Forget(variablesKept: variables);
        _session.Leave();
        return new Node.Branch(Source, word, pipeline, body, otherwise);
    }

    /// <summary>Behind <c>{{else</c>: <c>if</c> and <c>with</c> continue a chain of their kind with one <c>{{end}}</c> for all.</summary>
    private Node.List Otherwise(TokenKind word, Node.Boundary boundary)
    {
        if (word != TokenKind.Range && Peek().Kind == word)
        {
            Next();
            return new Node.List(Source, boundary.Position, [Control(word)]);
        }

        Node.List otherwise = ItemList(out Node.Boundary end);
        return end.IsEnd ? otherwise : throw Refuse($"expected end; found {end}");
    }

    private Node.Boundary Else()
    {
        Token next = PeekNonSpace();
        int position = next.Kind is TokenKind.If or TokenKind.With ? next.Position : Expect(TokenKind.RightDelimiter, "else").Position;
        return new Node.Boundary(Source, position, isEnd: false);
    }

    private Node.Jump Jump(Token word)
    {
        string action = $"{{{{{word.Text}}}}}";
        Token token = NextNonSpace();
        if (token.Kind != TokenKind.RightDelimiter)
        {
            throw Unexpected(token, action);
        }

        return _loops > 0
            ? new Node.Jump(Source, word.Position, word.Kind == TokenKind.Break)
            : throw Refuse(action + " outside {{range}}");
    }

    private Node.Invocation Invocation()
    {
        const string Context = "template clause";
        Token token = NextNonSpace();
        string name = TemplateName(token, Context);
        Node.Pipeline? pipeline = null;
        if (NextNonSpace().Kind != TokenKind.RightDelimiter)
        {
            GiveBack();
            pipeline = Pipeline(Context, TokenKind.RightDelimiter);
        }

        return new Node.Invocation(Source, token.Position, name, pipeline);
    }

    private Node.Invocation Block()
    {
        const string Context = "block clause";
        Enter(TooDeepControl);
        Token token = NextNonSpace();
        string name = TemplateName(token, Context);
        Node.Pipeline pipeline = Pipeline(Context, TokenKind.RightDelimiter);
        var body = new Parser(_session);
        Node.List root = body.ItemList(out Node.Boundary end);
        if (!end.IsEnd)
        {
            throw Refuse($"unexpected {end} in {Context}");
        }

        body.Add(name, root);
        _session.Leave();
        return new Node.Invocation(Source, token.Position, name, pipeline);
    }

    private string TemplateName(Token token, string context)
    {
        return token.Kind is TokenKind.String or TokenKind.RawString ? Unquote(token) : throw Unexpected(token, context);
    }

    private static string WordOf(TokenKind word)
    {
        return word switch
        {
            TokenKind.If => "if",
            TokenKind.Range => "range",
            _ => "with",
        };
    }
}
