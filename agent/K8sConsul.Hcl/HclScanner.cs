using System.Text;

namespace K8sConsul.Hcl;

/// <summary>Cuts HCL version 1 into tokens.</summary>
/// <remarks>
/// A mistake does not stop the scanner: it is remembered, the latest winning, and the parser goes on until it fails by
/// itself. Consul's texts and positions come out of exactly that order, and the column grows with every look at the end.
/// </remarks>
internal sealed partial class HclScanner
{
    private const int EndOfText = 0;

    private readonly byte[] _source;

    private Cursor _here;
    private Cursor _before;
    private int _lastCharLength;

    public HclScanner(byte[] source)
    {
        _source = source;
        _here = new Cursor(Offset: 0, Line: 1, Column: 0, LastLineLength: 0);
        _before = _here;
    }

    /// <summary>The latest mistake, with its position; null while there is none.</summary>
    public string? Error { get; private set; }

    public HclToken Scan()
    {
        int c = Next();
        while (c is ' ' or '\t' or '\n' or '\r')
        {
            c = Next();
        }

        int start = _here.Offset - _lastCharLength;
        SourcePosition position = RecentPosition();
        HclTokenType type = ScanToken(c);
        string text = Encoding.UTF8.GetString(_source, start, _here.Offset - start);
        if (type == HclTokenType.Ident && text is "true" or "false")
        {
            type = HclTokenType.Bool;
        }

        return new HclToken(type, position, text);
    }

    private HclTokenType ScanToken(int c)
    {
        if (IsLetter(c))
        {
            ScanIdentifier();
            return HclTokenType.Ident;
        }

        if (IsDecimal(c))
        {
            return ScanNumber(c);
        }

        switch (c)
        {
            case EndOfText:
                return HclTokenType.Eof;
            case '"':
                ScanString();
                return HclTokenType.String;
            case '#' or '/':
                ScanComment(c);
                return HclTokenType.Comment;
            case '.':
                return ScanPeriod();
            case '<':
                ScanHeredoc();
                return HclTokenType.Heredoc;
            case '[':
                return HclTokenType.LeftBracket;
            case ']':
                return HclTokenType.RightBracket;
            case '{':
                return HclTokenType.LeftBrace;
            case '}':
                return HclTokenType.RightBrace;
            case ',':
                return HclTokenType.Comma;
            case '=':
                return HclTokenType.Assign;
            case '+':
                return HclTokenType.Add;
            case '-':
                return IsDecimal(Peek()) ? ScanNumber(Next()) : HclTokenType.Sub;
            default:
                Fail("illegal char");
                return HclTokenType.Illegal;
        }
    }

    private void ScanIdentifier()
    {
        int c = Next();
        while (IsLetter(c) || IsDigit(c) || c is '-' or '.')
        {
            c = Next();
        }

        StepBackFrom(c);
    }

    /// <summary>From <c>#</c> or <c>//</c> to the end of the line, or from <c>/*</c> to the nearest <c>*/</c>.</summary>
    private void ScanComment(int first)
    {
        if (first == '#' || Peek() != '*')
        {
            if (first == '/' && Peek() != '/')
            {
                Fail("expected '/' for comment");
                return;
            }

            int c = Next();
            while (c is not ('\n' or EndOfText))
            {
                c = Next();
            }

            StepBackFrom(c);
            return;
        }

        Next();
        int previous = Next();
        while (previous != EndOfText)
        {
            int c = Next();
            if (previous == '*' && c == '/')
            {
                return;
            }

            previous = c;
        }

        Fail("comment not terminated");
    }

    /// <summary>Takes a character; the end of the text, and a zero byte, read as <see cref="EndOfText"/>.</summary>
    private int Next()
    {
        if (_here.Offset >= _source.Length)
        {
            _here = _here with { Column = _here.Column + 1 };
            _lastCharLength = 0;
            return EndOfText;
        }

        _before = _here;
        System.Buffers.OperationStatus status = Rune.DecodeFromUtf8(_source.AsSpan(_here.Offset), out Rune rune, out int length);
        if (status != System.Buffers.OperationStatus.Done)
        {
            // Go's decoder steps over one byte at a time.
            _here = _here with { Offset = _here.Offset + 1, Column = _here.Column + 1 };
            _lastCharLength = 1;
            Fail("illegal UTF-8 encoding");
            return Rune.ReplacementChar.Value;
        }

        _lastCharLength = length;
        _here = rune.Value == '\n'
            ? new Cursor(_here.Offset + length, _here.Line + 1, Column: 0, LastLineLength: _here.Column + 1)
            : _here with { Offset = _here.Offset + length, Column = _here.Column + 1 };
        if (rune.Value == EndOfText)
        {
            Fail("unexpected null character (0x00)");
        }

        return rune.Value;
    }

    private int Peek()
    {
        return _here.Offset < _source.Length
            && Rune.DecodeFromUtf8(_source.AsSpan(_here.Offset), out Rune rune, out _) == System.Buffers.OperationStatus.Done
            ? rune.Value
            : EndOfText;
    }

    /// <summary>Gives the character just taken back, unless it was the end.</summary>
    private void StepBackFrom(int c)
    {
        if (c != EndOfText)
        {
            _here = _before;
        }
    }

    private void Fail(string message)
    {
        Error = $"At {RecentPosition()}: {message}";
    }

    /// <summary>The place of the character taken last.</summary>
    private SourcePosition RecentPosition()
    {
        return _here.Column > 0 ? new SourcePosition(_here.Line, _here.Column)
            : _here.LastLineLength > 0 ? new SourcePosition(_here.Line - 1, _here.LastLineLength)
            : new SourcePosition(1, 1);
    }

    private static bool IsLetter(int c)
    {
        return c < 0x80 ? char.IsAsciiLetter((char)c) || c == '_' : Rune.IsLetter(new Rune(c));
    }

    private static bool IsDigit(int c)
    {
        return c < 0x80 ? IsDecimal(c) : Rune.IsDigit(new Rune(c));
    }

    private static bool IsDecimal(int c)
    {
        return c is >= '0' and <= '9';
    }

    private readonly record struct Cursor(int Offset, int Line, int Column, int LastLineLength);
}
