using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Times read by Go's layouts, the other way of <see cref="GoTimeLayout"/>.</summary>
internal sealed partial class GoTimeReader
{
    private readonly string _layout;
    private readonly string _text;

    // What is left of the text.
    private string _rest;

    private int _year;
    private int _month = 1;
    private int _day = 1;
    private int _dayOfYear;
    private int _hour;
    private int _minute;
    private int _second;
    private long _nanosecond;
    private bool? _isAfternoon;
    private TimeSpan? _offset;
    private string _zoneName = "";

    private GoTimeReader(string layout, string text)
    {
        _layout = layout;
        _text = text;
        _rest = text;
    }

    /// <param name="layout">How the moment of reference is written.</param>
    /// <param name="text">The time.</param>
    /// <param name="local">The zone of a text that names none.</param>
    /// <exception cref="TemplateFunctionException">In Go's words: <c>parsing time "x" as "2006": cannot parse "x" as "2006"</c>.</exception>
    public static GoTime Read(string layout, string text, TimeSpan local)
    {
        var reader = new GoTimeReader(layout, text);
        reader.Walk();
        return reader.Result(local);
    }

    private void Walk()
    {
        int at = 0;
        int literalStart = 0;
        while (at < _layout.Length)
        {
            int fraction = GoTimeLayout.FractionLength(_layout, at);
            string? mark = fraction > 0 ? _layout.Substring(at, fraction) : GoTimeLayout.TryMark(_layout, at);
            if (mark is null)
            {
                at++;
                continue;
            }

            Skip(_layout[literalStart..at]);
            at += mark.Length;
            literalStart = at;
            string before = _rest;
            if (!(fraction > 0 ? TryFraction(mark) : TryElement(mark, at)))
            {
                throw CannotParse(before, mark);
            }
        }

        Skip(_layout[literalStart..]);
        if (_rest.Length > 0)
        {
            throw new TemplateFunctionException($"parsing time {GoText.Quote(_text)}: extra text: {GoText.Quote(_rest)}");
        }
    }

    /// <summary>What stands for itself; any number of blanks counts as one.</summary>
    private void Skip(string literal)
    {
        string left = literal;
        while (left.Length > 0)
        {
            if (left[0] == ' ' && (_rest.Length == 0 || _rest[0] == ' '))
            {
                left = left.TrimStart(' ');
                _rest = _rest.TrimStart(' ');
            }
            else if (_rest.Length > 0 && _rest[0] == left[0])
            {
                left = left[1..];
                _rest = _rest[1..];
            }
            else
            {
                throw CannotParse(_rest, literal);
            }
        }
    }

    private GoTime Result(TimeSpan local)
    {
        int hour = _isAfternoon switch
        {
            true when _hour < 12 => _hour + 12,
            false when _hour == 12 => 0,
            _ => _hour,
        };
        if (_year < 1)
        {
            throw new TemplateFunctionException("time: year outside of range [1,9999]");
        }

        if (_dayOfYear > 0)
        {
            PlaceDayOfYear();
        }

        if (_day < 1 || _day > DateTime.DaysInMonth(_year, _month))
        {
            throw OutOfRange("day");
        }

        var clock = new DateTime(_year, _month, _day, hour, _minute, _second, DateTimeKind.Unspecified);
        var time = new DateTimeOffset(clock.AddTicks(_nanosecond / 100), _offset ?? local);
        return _zoneName.Length > 0 && _offset == TimeSpan.Zero ? new GoTime(time, _zoneName) : GoTime.Local(time);
    }

    private void PlaceDayOfYear()
    {
        if (_dayOfYear > (DateTime.IsLeapYear(_year) ? 366 : 365))
        {
            throw OutOfRange("day-of-year");
        }

        DateTime date = new DateTime(_year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(_dayOfYear - 1);
        _month = date.Month;
        _day = date.Day;
    }

    private TemplateFunctionException CannotParse(string rest, string element)
    {
        return new TemplateFunctionException(
            $"parsing time {GoText.Quote(_text)} as {GoText.Quote(_layout)}: cannot parse {GoText.Quote(rest)} as {GoText.Quote(element)}");
    }

    private TemplateFunctionException OutOfRange(string what) => new($"parsing time {GoText.Quote(_text)}: {what} out of range");

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
