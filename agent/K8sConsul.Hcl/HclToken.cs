namespace K8sConsul.Hcl;

internal enum HclTokenType
{
    Illegal,
    Eof,
    Comment,
    Ident,
    Number,
    Float,
    Bool,
    String,
    Heredoc,
    LeftBracket,
    LeftBrace,
    Comma,
    Period,
    RightBracket,
    RightBrace,
    Assign,
    Add,
    Sub,
}

/// <summary>One token; <see cref="Text"/> is as written, with quotes and heredoc marks.</summary>
internal readonly record struct HclToken(HclTokenType Type, SourcePosition Position, string Text)
{
    /// <summary>The name that error texts use.</summary>
    public string TypeName => Type switch
    {
        HclTokenType.Illegal => "ILLEGAL",
        HclTokenType.Eof => "EOF",
        HclTokenType.Comment => "COMMENT",
        HclTokenType.Ident => "IDENT",
        HclTokenType.Number => "NUMBER",
        HclTokenType.Float => "FLOAT",
        HclTokenType.Bool => "BOOL",
        HclTokenType.String => "STRING",
        HclTokenType.Heredoc => "HEREDOC",
        HclTokenType.LeftBracket => "LBRACK",
        HclTokenType.LeftBrace => "LBRACE",
        HclTokenType.Comma => "COMMA",
        HclTokenType.Period => "PERIOD",
        HclTokenType.RightBracket => "RBRACK",
        HclTokenType.RightBrace => "RBRACE",
        HclTokenType.Assign => "ASSIGN",
        HclTokenType.Add => "ADD",
        HclTokenType.Sub => "SUB",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public override string ToString()
    {
        return $"{Position} {TypeName} {Text}";
    }
}
