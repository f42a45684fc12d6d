namespace K8sConsul.Hcl;

/// <summary>The syntax before repeated keys are merged.</summary>
internal abstract record HclNode(SourcePosition Position)
{
    /// <summary>The name of the node in Consul's texts.</summary>
    public abstract string GoTypeName { get; }
}

internal sealed record HclLiteralNode(HclToken Token) : HclNode(Token.Position)
{
    public override string GoTypeName => "*ast.LiteralType";
}

internal sealed record HclListNode(IReadOnlyList<HclNode> Items, SourcePosition Position) : HclNode(Position)
{
    public override string GoTypeName => "*ast.ListType";
}

internal sealed record HclObjectNode(IReadOnlyList<HclItem> Items, SourcePosition Position) : HclNode(Position)
{
    public override string GoTypeName => "*ast.ObjectType";
}

/// <summary>What is left of blocks with labels (<c>service "web" { }</c>) once their first key is taken off.</summary>
internal sealed record HclItemsNode(IReadOnlyList<HclItem> Items, SourcePosition Position) : HclNode(Position)
{
    public override string GoTypeName => "*ast.ObjectList";
}

/// <summary>A key, or several for a block with labels, and its value.</summary>
internal readonly record struct HclItem(IReadOnlyList<HclToken> Keys, HclNode Value)
{
    public SourcePosition Position => Keys.Count == 0 ? default : Keys[0].Position;

    public string KeyText(int index)
    {
        HclToken key = Keys[index];
        if (key.Type != HclTokenType.String)
        {
            return key.Text;
        }

        return HclLiteral.TryUnquote(key.Text, out string name)
            ? name
            : throw new HclRefusedException(key.Position, $"unquote {key.Text} err: invalid syntax");
    }
}
