using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Pipelines, commands and operands.</summary>
internal sealed partial class Parser
{
    /// <param name="context">As error texts call it; <c>range</c> may declare two variables.</param>
    /// <param name="end">What closes it.</param>
    private Node.Pipeline Pipeline(string context, TokenKind end)
    {
        int position = PeekNonSpace().Position;
        List<Node.Variable> declarations = Declarations(context, out bool isAssignment);
        var commands = new List<Node.Command>();
        while (true)
        {
            Token token = NextNonSpace();
            if (token.Kind == end)
            {
                break;
            }

            if (!StartsOperand(token.Kind))
            {
                throw Unexpected(token, context);
            }

            GiveBack();
            commands.Add(Command());
        }

        Check(commands, context);
        return new Node.Pipeline(Source, position, declarations, isAssignment, commands);
    }

    private List<Node.Variable> Declarations(string context, out bool isAssignment)
    {
        var declarations = new List<Node.Variable>();
        isAssignment = false;
        while (PeekNonSpace() is { Kind: TokenKind.Variable } variable)
        {
            Next();
            Token after = Peek();
            Token next = PeekNonSpace();
            bool isList = next.Kind == TokenKind.Char && next.Text == ",";
            if (next.Kind is TokenKind.Assign or TokenKind.Declare || isList)
            {
                isAssignment = next.Kind == TokenKind.Assign;
                NextNonSpace();
                declarations.Add(new Node.Variable(Source, variable.Position, variable.Text, []));
                Declare(variable.Text);
            }
            else if (after.Kind == TokenKind.Space)
            {
                GiveBackThree(variable, after);
            }
            else
            {
                GiveBackTwo(variable);
            }

            if (!isList)
            {
                break;
            }

            if (context != "range" || declarations.Count > 1)
            {
                throw Refuse($"too many declarations in {context}");
            }

            if (PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
            {
                throw Refuse("range can only initialize variables");
            }
        }

        return declarations;
    }

    private static bool StartsOperand(TokenKind kind)
    {
        return kind is TokenKind.Bool or TokenKind.CharConstant or TokenKind.Complex or TokenKind.Dot or TokenKind.Field
            or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String
            or TokenKind.Variable or TokenKind.LeftParenthesis;
    }

    private void Check(List<Node.Command> commands, string context)
    {
        if (commands.Count == 0)
        {
            throw Refuse($"missing value for {context}");
        }

        for (int i = 1; i < commands.Count; i++)
        {
            if (commands[i].Operands[0] is Node.Bool or Node.Dot or Node.Nil or Node.Number or Node.String)
            {
                throw Refuse($"non executable command in pipeline stage {i + 1}");
            }
        }
    }

    /// <summary>Operands with blanks between, up to the pipe, which is taken, or to what closes the pipeline.</summary>
    private Node.Command Command()
    {
        int position = PeekNonSpace().Position;
        var operands = new List<Node>();
        while (true)
        {
            PeekNonSpace();
            if (Operand() is { } operand)
            {
                operands.Add(operand);
            }

            Token token = Next();
            switch (token.Kind)
            {
                case TokenKind.Space:
                    continue;
                case TokenKind.RightDelimiter or TokenKind.RightParenthesis:
                    GiveBack();
                    break;
                case TokenKind.Pipe:
                    break;
                default:
                    throw Unexpected(token, "operand");
            }

            return operands.Count > 0 ? new Node.Command(Source, position, operands) : throw Refuse("empty command");
        }
    }

    /// <summary>A term with the fields behind it.</summary>
    private Node? Operand()
    {
        Node? term = Term();
        if (term is null || Peek().Kind != TokenKind.Field)
        {
            return term;
        }

        int position = Peek().Position;
        var names = new List<string>();
        while (Peek().Kind == TokenKind.Field)
        {
            names.Add(Next().Text[1..]);
        }

        return term switch
        {
            Node.Field field => new Node.Field(Source, position, [.. field.Names, .. names]),
            Node.Variable variable => new Node.Variable(Source, position, variable.Name, names),
            Node.Bool or Node.String or Node.Number or Node.Nil or Node.Dot
                => throw Refuse($"unexpected . after term {GoText.Quote(term.ToString())}"),
            _ => new Node.Chain(Source, position, term, names),
        };
    }

    private Node? Term()
    {
        Token token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return _session.IsFunction(token.Text)
                    ? new Node.Identifier(Source, token.Position, token.Text)
                    : throw Refuse($"function {GoText.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new Node.Dot(Source, token.Position);
            case TokenKind.Nil:
                return new Node.Nil(Source, token.Position);
            case TokenKind.Variable:
                return _inScope.GetValueOrDefault(token.Text) > 0
                    ? new Node.Variable(Source, token.Position, token.Text, [])
                    : throw Refuse($"undefined variable {GoText.Quote(token.Text)}");
            case TokenKind.Field:
                return new Node.Field(Source, token.Position, [token.Text[1..]]);
            case TokenKind.Bool:
                return new Node.Bool(Source, token.Position, token.Text == "true");
            case TokenKind.CharConstant or TokenKind.Complex or TokenKind.Number:
                return new Node.Number(Source, token.Position, Number(token));
            case TokenKind.LeftParenthesis:
                Enter("max expression depth exceeded");
                Node.Pipeline pipeline = Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
                _session.Leave();
                return pipeline;
            case TokenKind.String or TokenKind.RawString:
                return new Node.String(Source, token.Position, token.Text, Unquote(token));
            default:
                GiveBack();
                return null;
        }
    }

    private NumberLiteral Number(Token token)
    {
        try
        {
            return NumberLiteral.Parse(token.Text, token.Kind);
        }
        catch (LiteralRefusedException refused)
        {
            throw Refuse(refused.Message);
        }
    }
}
