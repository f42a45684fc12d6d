namespace K8sConsul.Template;

internal enum TokenKind
{
    /// <summary>The text is the message.</summary>
    Error,
    Bool,

    /// <summary>Printable ASCII that means nothing by itself; the comma is one.</summary>
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    EndOfText,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParenthesis,
    Space,
    String,
    Text,
    Variable,

    /// <summary>Only a mark: the kinds behind it are key words, which error texts show in angle brackets.</summary>
    Keyword,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}
