using System.Globalization;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.Addresses;

internal abstract record TemplateNode(int Position, string Source);

/// <summary>A text or a whole number.</summary>
internal sealed record LiteralNode(object Value, int Position, string Source) : TemplateNode(Position, Source);

internal sealed record FunctionNode(string Name, int Position) : TemplateNode(Position, Name);

/// <summary>A function with its arguments, or one value.</summary>
internal sealed record CommandNode(IReadOnlyList<TemplateNode> Words, int Position, string Source) : TemplateNode(Position, Source);

internal sealed record PipelineNode(IReadOnlyList<CommandNode> Commands, int Position, string Source) : TemplateNode(Position, Source);

/// <summary>Reads what stands between <c>{{</c> and <c>}}</c>.</summary>
internal sealed class PipelineParser(string text, int start)
{
    /// <summary>Brackets within each other.</summary>
    private const int NestingMax = 50;

    private int _nesting;

    /// <summary>After <see cref="ReadAction"/>: where the closing braces stand.</summary>
    public int Position { get; private set; } = start;

    /// <summary>The action ended with <c>-}}</c>.</summary>
    public bool TrimsFollowingText { get; private set; }

    public PipelineNode ReadAction()
    {
        return ReadPipeline(insideBrackets: false);
    }

    private PipelineNode ReadPipeline(bool insideBrackets)
    {
        int first = Position;
        var commands = new List<CommandNode>();
        while (true)
        {
            commands.Add(ReadCommand());
            if (Position < text.Length && text[Position] == '|')
            {
                Position++;
                continue;
            }

            bool closed = insideBrackets ? Position < text.Length && text[Position] == ')' : IsAtEnd();
            if (!closed)
            {
                throw new TemplateException(insideBrackets ? "1: unclosed left paren" : $"1: unexpected {Next()} in command");
            }

            return new PipelineNode(commands, first, string.Join(" | ", commands.Select(command => command.Source)));
        }
    }

    private CommandNode ReadCommand()
    {
        var words = new List<TemplateNode>();
        while (true)
        {
            SkipBlanks();
            if (Position >= text.Length)
            {
                throw new TemplateException("1: unclosed action");
            }

            if (IsAtEnd() || text[Position] is '|' or ')')
            {
                return words.Count > 0
                    ? new CommandNode(words, words[0].Position, string.Join(' ', words.Select(word => word.Source)))
                    : throw new TemplateException("1: missing value for command");
            }

            words.Add(ReadWord());
        }
    }

    private TemplateNode ReadWord()
    {
        int at = Position;
        char c = text[at];
        switch (c)
        {
            case '"' or '`':
                return ReadText(at, c);
            case '(':
                return ReadBrackets(at);
            case '+' or '-' or (>= '0' and <= '9'):
                return ReadNumber(at);
            case '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                Position = EndOfName(at);
                string name = text[at..Position];
                return TemplateFunctions.Exists(name)
                    ? new FunctionNode(name, at)
                    : throw new TemplateException($"1: function {GoText.Quote(name)} not defined");
            default:
                throw new TemplateException($"1: unexpected {Next()} in operand");
        }
    }

    private LiteralNode ReadText(int at, char quote)
    {
        int end = at + 1;
        while (end < text.Length && text[end] != quote)
        {
            end += quote == '"' && text[end] == '\\' ? 2 : 1;
        }

        if (end >= text.Length)
        {
            throw new TemplateException(quote == '"' ? "1: unterminated quoted string" : "1: unterminated raw quoted string");
        }

        Position = end + 1;
        string source = text[at..Position];
        string value = source[1..^1];
        return quote == '`' || HclLiteral.TryUnquote(source, interpolation: false, out value)
            ? new LiteralNode(value, at, source)
            : throw new TemplateException("1: invalid syntax");
    }

    private PipelineNode ReadBrackets(int at)
    {
        if (++_nesting > NestingMax)
        {
            throw new TemplateException("1: max expression depth exceeded");
        }

        Position++;
        PipelineNode nested = ReadPipeline(insideBrackets: true);
        _nesting--;
        Position++;
        return nested with { Position = at, Source = $"({nested.Source})" };
    }

    private LiteralNode ReadNumber(int at)
    {
        Position = EndOfName(at + 1);
        string source = text[at..Position];
        return long.TryParse(source, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? new LiteralNode(number, at, source)
            : throw new TemplateException($"1: bad number syntax: {GoText.Quote(source)}");
    }

    private int EndOfName(int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    /// <summary>At the closing braces, with or without the mark that trims.</summary>
    private bool IsAtEnd()
    {
        ReadOnlySpan<char> rest = text.AsSpan(Position);
        if (rest.StartsWith("}}"))
        {
            return true;
        }

        if (rest.StartsWith("-}}") && char.IsWhiteSpace(text[Position - 1]))
        {
            TrimsFollowingText = true;
            Position++;
            return true;
        }

        return false;
    }

    private void SkipBlanks()
    {
        while (Position < text.Length && text[Position] is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
        }
    }

    private string Next()
    {
        return Position < text.Length ? GoText.Quote(text[Position].ToString()) : "EOF";
    }
}
