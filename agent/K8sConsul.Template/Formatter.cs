using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Go's <c>fmt</c>: formats with verbs, and values printed as <c>print</c> shows them.</summary>
/// <remarks>A mistake never fails: the output says what is wrong, as in <c>%!d(string=a)</c>.</remarks>
internal sealed partial class Formatter
{
    // Go's bound on widths and precisions.
    private const int NumberMax = 1_000_000;

    private readonly Execution _execution;
    private readonly StringBuilder _text = new();

    private FormatFlags _flags;

    // Set while a wrong verb is reported, whose value must not report one itself.
    private bool _reporting;

    private Formatter(Execution execution)
    {
        _execution = execution;
    }

    public static string Print(Execution execution, ReadOnlySpan<Value> values)
    {
        var formatter = new Formatter(execution);
        bool afterText = false;
        for (int i = 0; i < values.Length; i++)
        {
            Value value = values[i].Unwrapped;
            bool isText = value.Type?.Kind == GoKind.String;
            if (i > 0 && !isText && !afterText)
            {
                formatter.Write(' ');
            }

            formatter.Format(value, 'v');
            afterText = isText;
        }

        return formatter.Finish();
    }

    public static string PrintLine(Execution execution, ReadOnlySpan<Value> values)
    {
        var formatter = new Formatter(execution);
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                formatter.Write(' ');
            }

            formatter.Format(values[i], 'v');
        }

        formatter.Write('\n');
        return formatter.Finish();
    }

    public static string Format(Execution execution, string format, ReadOnlySpan<Value> values)
    {
        var formatter = new Formatter(execution);
        formatter.Run(format, values);
        return formatter.Finish();
    }

    /// <summary>As <c>%v</c>, for error texts.</summary>
    public static string Describe(Execution execution, Value value) => Print(execution, [value]);

    private string Finish()
    {
        _execution.Budget.CheckLength(_text.Length);
        return _text.ToString();
    }

    private void Run(string format, ReadOnlySpan<Value> values)
    {
        var place = new FormatPlace(format);
        while (place.TryReadText(out string text))
        {
            Write(text);
            if (place.AtEnd)
            {
                break;
            }

            place.SkipPercent();
            FormatOne(ref place, values);
        }

        if (!place.UsesIndexes && place.Argument < values.Length)
        {
            ReportExtra(values[place.Argument..]);
        }
    }

    private void FormatOne(ref FormatPlace place, ReadOnlySpan<Value> values)
    {
        _flags = place.ReadFlags();
        place.BeginVerb();
        place.ReadIndex(values.Length);
        ReadWidth(ref place, values);
        ReadPrecision(ref place, values);
        if (!place.AfterIndex)
        {
            place.ReadIndex(values.Length);
        }

        if (!place.TryReadVerb(out Rune verb))
        {
            Write("%!(NOVERB)");
            return;
        }

        if (verb.Value == '%')
        {
            Write('%');
        }
        else if (place.BadIndex)
        {
            Write($"%!{verb}(BADINDEX)");
        }
        else if (place.Argument >= values.Length)
        {
            Write($"%!{verb}(MISSING)");
        }
        else
        {
            Value value = values[place.Argument++];
            if (verb.Value == 'v')
            {
                _flags.SharpV = _flags.Sharp;
                _flags.Sharp = false;
                _flags.PlusV = _flags.Plus;
                _flags.Plus = false;
            }

            Format(value, verb.Value);
        }
    }

    private void ReadWidth(ref FormatPlace place, ReadOnlySpan<Value> values)
    {
        if (!place.TryTakeStar())
        {
            _flags.Width = place.ReadNumber();
            place.BadIndex |= place.AfterIndex && _flags.Width is not null;
            return;
        }

        _flags.Width = NumberFrom(ref place, values);
        if (_flags.Width is null)
        {
            Write("%!(BADWIDTH)");
        }
        else if (_flags.Width < 0)
        {
            _flags.Width = -_flags.Width;
            _flags.Minus = true;
            // Zeros do not pad on the right.
            _flags.Zero = false;
        }
    }

    private void ReadPrecision(ref FormatPlace place, ReadOnlySpan<Value> values)
    {
        if (!place.TryTakeDot())
        {
            return;
        }

        place.BadIndex |= place.AfterIndex;
        place.ReadIndex(values.Length);
        if (!place.TryTakeStar())
        {
            _flags.Precision = place.ReadNumber() ?? 0;
            return;
        }

        int? precision = NumberFrom(ref place, values);
        _flags.Precision = precision >= 0 ? precision : null;
        if (_flags.Precision is null)
        {
            Write("%!(BADPREC)");
        }
    }

    /// <summary>A width or precision that is an argument.</summary>
    private static int? NumberFrom(ref FormatPlace place, ReadOnlySpan<Value> values)
    {
        if (place.Argument >= values.Length)
        {
            return null;
        }

        Value value = values[place.Argument++].Unwrapped;
        long? number = value.Type switch
        {
            { IsSigned: true } => Numbers.Signed(value.Data),
            { IsUnsigned: true } => (long)Math.Min(Numbers.Unsigned(value.Data), long.MaxValue),
            _ => null,
        };
        return number is >= -NumberMax and <= NumberMax ? (int)number : null;
    }

    private void ReportExtra(ReadOnlySpan<Value> values)
    {
        _flags = default;
        Write("%!(EXTRA ");
        for (int i = 0; i < values.Length; i++)
        {
            Write(i > 0 ? ", " : "");
            Value value = values[i].Unwrapped;
            if (value.Exists)
            {
                Write(value.Type!.Name);
                Write('=');
                Format(value, 'v');
            }
            else
            {
                Write("<nil>");
            }
        }

        Write(')');
    }

    private void Write(string text)
    {
        _execution.Budget.CheckLength((long)_text.Length + text.Length);
        _text.Append(text);
    }

    private void Write(char c) => _text.Append(c);

    /// <summary>With blanks, or zeros, up to the width.</summary>
    private void WritePadded(string text)
    {
        int padding = _flags.Width is { } width ? width - Utf8Text.RuneCount(text) : 0;
        if (padding <= 0)
        {
            Write(text);
        }
        else if (_flags.Minus)
        {
            Write(text);
            WritePadding(padding);
        }
        else
        {
            WritePadding(padding);
            Write(text);
        }
    }

    /// <summary>The same, where zeros have been put behind the sign already.</summary>
    private void WritePaddedWithBlanks(string text)
    {
        bool zero = _flags.Zero;
        _flags.Zero = false;
        WritePadded(text);
        _flags.Zero = zero;
    }

    private void WritePadding(int count)
    {
        if (count > 0)
        {
            _execution.Budget.CheckLength((long)_text.Length + count);
            _text.Append(_flags.PadsWithZeros ? '0' : ' ', count);
        }
    }

}
