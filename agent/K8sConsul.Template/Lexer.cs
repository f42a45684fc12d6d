using System.Text;

namespace K8sConsul.Template;

/// <summary>Cuts a template into tokens, one at a time. Comments and the blanks that trim markers take are dropped here.</summary>
internal sealed partial class Lexer
{
    private const int EndOfText = -1;
    private const string CommentStart = "/*";
    private const string CommentEnd = "*/";

    // A dash and the blank that must stand beside it.
    private const int TrimMarkerLength = 2;

    private readonly string _text;
    private readonly Delimiters _delimiters;
    private readonly bool _breakIsKeyword;
    private readonly bool _continueIsKeyword;

    private int _position;
    private int _start;
    private int _line = 1;
    private int _startLine = 1;
    private int _parentheses;
    private bool _insideAction;
    private bool _failed;

    /// <param name="text">The whole template.</param>
    /// <param name="delimiters">Not empty.</param>
    /// <param name="isFunction">A function called <c>break</c> or <c>continue</c> takes the word.</param>
    public Lexer(string text, Delimiters delimiters, Func<string, bool> isFunction)
    {
        _text = text;
        _delimiters = delimiters;
        _breakIsKeyword = !isFunction("break");
        _continueIsKeyword = !isFunction("continue");
    }

    /// <summary>The next token; after an error or the end, the end.</summary>
    public Token Next()
    {
        Token? token = null;
        while (token is null)
        {
            token = _failed ? new Token(TokenKind.EndOfText, _position, "", _startLine) : _insideAction ? ScanAction() : ScanText();
        }

        return token.Value;
    }

    /// <returns>Null when nothing came of it: an empty text, or a comment.</returns>
    private Token? ScanText()
    {
        int found = _text.IndexOf(_delimiters.Left, _position, StringComparison.Ordinal);
        if (found < 0)
        {
            _position = _text.Length;
            return _position > _start ? EmitText(_text.Length) : Emit(TokenKind.EndOfText);
        }

        if (found > _position)
        {
            _position = found;
            bool trims = StartsWithTrim(_text.AsSpan(found + _delimiters.Left.Length));
            int end = trims ? _start + _text.AsSpan(_start, found - _start).TrimEnd(Blanks).Length : found;
            bool any = end > _start;
            Token token = EmitText(end);
            _line += _text.AsSpan(end, found - end).Count('\n');
            Ignore(found);
            if (any)
            {
                return token;
            }
        }

        return ScanLeftDelimiter();
    }

    private Token? ScanLeftDelimiter()
    {
        int afterDelimiter = _position + _delimiters.Left.Length;
        int afterMarker = afterDelimiter + (StartsWithTrim(_text.AsSpan(afterDelimiter)) ? TrimMarkerLength : 0);
        // The blank of a trim marker may be a line break.
        int lines = _text.AsSpan(afterDelimiter, afterMarker - afterDelimiter).Count('\n');
        if (_text.AsSpan(afterMarker).StartsWith(CommentStart, StringComparison.Ordinal))
        {
            _line += lines;
            Ignore(afterMarker);
            return ScanComment();
        }

        _position = afterDelimiter;
        Token token = Emit(TokenKind.LeftDelimiter);
        _insideAction = true;
        _parentheses = 0;
        _line += lines;
        Ignore(afterMarker);
        return token;
    }

    private Token? ScanComment()
    {
        _position += CommentStart.Length;
        int end = _text.IndexOf(CommentEnd, _position, StringComparison.Ordinal);
        if (end < 0)
        {
            return Fail("unclosed comment");
        }

        _position = end + CommentEnd.Length;
        if (!AtRightDelimiter(out bool trims))
        {
            return Fail("comment ends before closing delimiter");
        }

        LeaveAction(trims);
        return null;
    }

    private Token ScanRightDelimiter()
    {
        AtRightDelimiter(out bool trims);
        int start = _position + (trims ? TrimMarkerLength : 0);
        _line += _text.AsSpan(_position, start - _position).Count('\n');
        Ignore(start);
        _position += _delimiters.Right.Length;
        Token token = Emit(TokenKind.RightDelimiter);
        _position = start;
        LeaveAction(trims, markerTaken: true);
        return token;
    }

    /// <summary>Over the trim marker, the delimiter, and the blanks that the marker takes.</summary>
    private void LeaveAction(bool trims, bool markerTaken = false)
    {
        int end = _position + (trims && !markerTaken ? TrimMarkerLength : 0) + _delimiters.Right.Length;
        if (trims)
        {
            end = _text.Length - _text.AsSpan(end).TrimStart(Blanks).Length;
        }

        _line += _text.AsSpan(_start, end - _start).Count('\n');
        Ignore(end);
        _insideAction = false;
    }

    private bool AtRightDelimiter(out bool trims)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_position);
        trims = EndsWithTrim(rest) && rest[TrimMarkerLength..].StartsWith(_delimiters.Right, StringComparison.Ordinal);
        return trims || rest.StartsWith(_delimiters.Right, StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> Blanks => " \t\r\n";

    private static bool StartsWithTrim(ReadOnlySpan<char> rest) => rest.Length >= 2 && rest[0] == '-' && IsBlank(rest[1]);

    private static bool EndsWithTrim(ReadOnlySpan<char> rest) => rest.Length >= 2 && IsBlank(rest[0]) && rest[1] == '-';

    private static bool IsBlank(int c) => c is ' ' or '\t' or '\r' or '\n';

    private static bool IsAlphanumeric(int c)
    {
        return c < 0x80
            ? c == '_' || (c >= 0 && char.IsAsciiLetterOrDigit((char)c))
            : Rune.IsLetter(new Rune(c)) || Rune.IsDigit(new Rune(c));
    }

    private int Peek() => Peek(out _);

    private int Peek(out int length)
    {
        if (_position == _text.Length)
        {
            length = 0;
            return EndOfText;
        }

        // Half a surrogate pair reads as U+FFFD.
        Rune.DecodeFromUtf16(_text.AsSpan(_position), out Rune rune, out length);
        return rune.Value;
    }

    private int Take()
    {
        int c = Peek(out int length);
        _position += length;
        _line += c == '\n' ? 1 : 0;
        return c;
    }

    private bool Accept(ReadOnlySpan<char> any)
    {
        if (_position < _text.Length && any.Contains(_text[_position]))
        {
            _position++;
            return true;
        }

        return false;
    }

    private void AcceptRun(ReadOnlySpan<char> any)
    {
        while (Accept(any))
        {
        }
    }

    private Token EmitText(int end)
    {
        _line += _text.AsSpan(_start, end - _start).Count('\n');
        var token = new Token(TokenKind.Text, _start, _text[_start..end], _startLine);
        Ignore(_position);
        return token;
    }

    private Token Emit(TokenKind kind)
    {
        var token = new Token(kind, _start, _text[_start.._position], _startLine);
        Ignore(_position);
        return token;
    }

    private void Ignore(int position)
    {
        _position = position;
        _start = position;
        _startLine = _line;
    }

    private Token Fail(string message)
    {
        _failed = true;
        return new Token(TokenKind.Error, _start, message, _startLine);
    }
}
