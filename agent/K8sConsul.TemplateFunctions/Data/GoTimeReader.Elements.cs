using System.Globalization;

namespace K8sConsul.Template.Functions;

/// <content>What each element of a layout reads.</content>
internal sealed partial class GoTimeReader
{
    private static readonly string[] s_months = DateTimeFormatInfo.InvariantInfo.MonthNames[..12];
    private static readonly string[] s_shortMonths = DateTimeFormatInfo.InvariantInfo.AbbreviatedMonthNames[..12];
    private static readonly string[] s_days = DateTimeFormatInfo.InvariantInfo.DayNames;
    private static readonly string[] s_shortDays = DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames;

    /// <param name="mark">The element.</param>
    /// <param name="next">Where the layout goes on.</param>
    /// <returns>False: the text has something else there.</returns>
    private bool TryElement(string mark, int next)
    {
        switch (mark)
        {
            case "2006":
                return TryDigits(least: 4, most: 4, out _year);
            case "06":
                bool isYear = TryDigits(least: 2, most: 2, out int short2);
                _year = short2 >= 69 ? 1900 + short2 : 2000 + short2;
                return isYear;
            case "January":
                return TryName(s_months, out _month);
            case "Jan":
                return TryName(s_shortMonths, out _month);
            case "Monday":
                return TryName(s_days, out _);
            case "Mon":
                return TryName(s_shortDays, out _);
            case "01" or "1":
                return TryInRange(mark, 1, 12, "month", out _month);
            case "02" or "2" or "_2":
                SkipBlanks(mark == "_2" ? 1 : 0);
                return TryDigits(least: mark == "02" ? 2 : 1, most: 2, out _day);
            case "002" or "__2":
                SkipBlanks(mark == "__2" ? 2 : 0);
                bool isDay = TryDigits(least: mark == "002" ? 3 : 1, most: 3, out _dayOfYear);
                return !isDay || _dayOfYear > 0 ? isDay : throw OutOfRange("day-of-year");
            case "15":
                return TryInRange("1", 0, 23, "hour", out _hour);
            case "03" or "3":
                return TryInRange(mark, 0, 12, "hour", out _hour);
            case "04" or "4":
                return TryInRange(mark, 0, 59, "minute", out _minute);
            case "05" or "5":
                return TryInRange(mark, 0, 59, "second", out _second) && TryUnannouncedFraction(next);
            case "PM" or "pm":
                return TryHalfOfDay(mark);
            case "MST":
                return TryZoneName();
            default:
                return TryOffset(mark);
        }
    }

    private bool TryInRange(string mark, int low, int high, string what, out int value)
    {
        bool found = TryDigits(least: mark.Length, most: 2, out value);
        return !found || (value >= low && value <= high) ? found : throw OutOfRange(what);
    }

    private bool TryDigits(int least, int most, out int value)
    {
        int count = 0;
        while (count < most && count < _rest.Length && char.IsAsciiDigit(_rest[count]))
        {
            count++;
        }

        value = count >= least ? Number(_rest.AsSpan(0, count)) : 0;
        _rest = count >= least ? _rest[count..] : _rest;
        return count >= least;
    }

    private void SkipBlanks(int most)
    {
        for (int i = 0; i < most && _rest.StartsWith(' '); i++)
        {
            _rest = _rest[1..];
        }
    }

    private bool TryName(string[] names, out int number)
    {
        number = 1 + Array.FindIndex(names, name => _rest.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        _rest = number > 0 ? _rest[names[number - 1].Length..] : _rest;
        return number > 0;
    }

    private bool TryHalfOfDay(string mark)
    {
        bool isUpper = mark == "PM";
        bool isAfternoon = _rest.StartsWith(isUpper ? "PM" : "pm", StringComparison.Ordinal);
        if (!isAfternoon && !_rest.StartsWith(isUpper ? "AM" : "am", StringComparison.Ordinal))
        {
            return false;
        }

        _isAfternoon = isAfternoon;
        _rest = _rest[2..];
        return true;
    }

    /// <summary>Of a zone only the name is known, unless it is UTC: it is taken to lie there.</summary>
    private bool TryZoneName()
    {
        int length = _rest.AsSpan().IndexOfAnyExceptInRange('A', 'Z') is var end and >= 0 ? end : _rest.Length;
        if (length is < 3 or > 4)
        {
            return false;
        }

        _zoneName = _rest[..length];
        _offset ??= TimeSpan.Zero;
        _rest = _rest[length..];
        return true;
    }

    /// <summary><c>-0700</c> and its sisters; with a <c>Z</c> in the layout a Z is the offset of none.</summary>
    private bool TryOffset(string mark)
    {
        if (mark[0] == 'Z' && _rest.StartsWith('Z'))
        {
            _offset = TimeSpan.Zero;
            _rest = _rest[1..];
            return true;
        }

        if (_rest.Length < mark.Length || _rest[0] is not ('+' or '-'))
        {
            return false;
        }

        for (int i = 1; i < mark.Length; i++)
        {
            if (mark[i] == ':' ? _rest[i] != ':' : !char.IsAsciiDigit(_rest[i]))
            {
                return false;
            }
        }

        string digits = _rest[1..mark.Length].Replace(":", "", StringComparison.Ordinal).PadRight(6, '0');
        int hours = Number(digits.AsSpan(0, 2));
        int minutes = Number(digits.AsSpan(2, 2));

        // .NET knows no zones further away, and none with seconds.
        if (hours > 14 || minutes > 59 || digits[4..] != "00")
        {
            throw OutOfRange("time zone offset");
        }

        var offset = new TimeSpan(hours, minutes, 0);
        _offset = _rest[0] == '-' ? -offset : offset;
        _rest = _rest[mark.Length..];
        return true;
    }

    private bool TryFraction(string mark)
    {
        bool isExact = mark[1] == '0';
        if (isExact)
        {
            return _rest.Length >= mark.Length && _rest[0] is '.' or ',' && TakeFraction(mark.Length);
        }

        return _rest.Length < 2 || _rest[0] is not ('.' or ',') || !char.IsAsciiDigit(_rest[1]) || TakeFraction(FractionEnd());
    }

    /// <summary>Seconds may have a fraction that the layout says nothing of.</summary>
    private bool TryUnannouncedFraction(int next)
    {
        bool isAnnounced = next < _layout.Length && GoTimeLayout.FractionLength(_layout, next) > 0;
        bool isThere = _rest.Length >= 2 && _rest[0] is '.' or ',' && char.IsAsciiDigit(_rest[1]);
        return isAnnounced || !isThere || TakeFraction(FractionEnd());
    }

    private int FractionEnd()
    {
        int end = 1;
        while (end < _rest.Length && char.IsAsciiDigit(_rest[end]))
        {
            end++;
        }

        return end;
    }

    private bool TakeFraction(int length)
    {
        ReadOnlySpan<char> digits = _rest.AsSpan(1, length - 1);
        if (digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        string nine = digits.Length > 9 ? digits[..9].ToString() : digits.ToString().PadRight(9, '0');
        _nanosecond = Number(nine);
        _rest = _rest[length..];
        return true;
    }
}
