using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>What needs the time, the environment or chance: each as far as the host gives it.</summary>
internal static class SprigOutside
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    public static void AddTo(TemplateFunctions functions, FunctionHost host)
    {
        if (host.Environment is { } environment)
        {
            functions
                .Add("env", (string name) => environment(name) ?? "")
                .Add("expandenv", (string text) => Expand(text, environment));
        }

        if (host.HostByName is { } addressOf)
        {
            functions.Add("getHostByName", (string name) => addressOf(name) ?? "");
        }

        if (host.Clock is { } clock)
        {
            AddDates(functions, clock, host.Zone ?? (_ => null));
        }

        if (host.Random is { } random)
        {
            AddRandom(functions, random);
        }
    }

    private static void AddDates(TemplateFunctions functions, Func<DateTimeOffset> clock, Func<string, TimeZoneInfo?> zones)
    {
        functions
            .Add("now", () => (object?)GoTime.Local(clock()))
            .Add("date", (string layout, object? date) => GoTimeLayout.Format(In(At(date, clock), "Local", zones, clock), layout))
            .Add("htmlDate", (object? date) => GoTimeLayout.Format(In(At(date, clock), "Local", zones, clock), "2006-01-02"))
            .Add("htmlDateInZone", (object? date, string zone) => GoTimeLayout.Format(In(At(date, clock), zone, zones, clock), "2006-01-02"))
            .Add("ago", (object? date) => Rounded(clock() - At(date, clock).Time).ToString())
            .Add("toDate", (string layout, string text) => (object?)ToDate(layout, text, clock, mustParse: false))
            .Add("mustToDate", (string layout, string text) => (object?)ToDate(layout, text, clock, mustParse: true))
            .Add("durationRound", (object? span) => DurationRound.Of(span, clock()))
            .Add("unixEpoch", (object? date) => At(date, clock).Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
            .Add("duration", (object? seconds) => new GoDuration(unchecked(Seconds(seconds) * 1_000_000_000)).ToString());
        foreach (string name in new[] { "dateInZone", "date_in_zone" })
        {
            functions.Add(name, (string layout, object? date, string zone) => GoTimeLayout.Format(In(At(date, clock), zone, zones, clock), layout));
        }

        foreach (string name in new[] { "dateModify", "date_modify", "mustDateModify", "must_date_modify" })
        {
            functions.Add(name, (string change, object? date) => (object?)Modified(change, At(date, clock), name[0] == 'm'));
        }
    }

    /// <summary>A text or an int64; of other kinds, also of an int, nothing.</summary>
    private static long Seconds(object? seconds) => seconds switch
    {
        string text => GoNumber.ParseDecimalInt(text, out long parsed) == NumberOutcome.Parsed ? parsed : 0,
        long whole => whole,
        _ => 0,
    };

    private static GoDuration Rounded(TimeSpan span) => GoDuration.FromTimeSpan(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds, MidpointRounding.AwayFromZero)));

    /// <summary>A time, or the seconds since 1970; anything else is now.</summary>
    private static GoTime At(object? date, Func<DateTimeOffset> clock)
    {
        if (date is GoTime time)
        {
            return time;
        }

        if (GoData.TypeOf(date) is not { IsSigned: true })
        {
            return GoTime.Local(clock());
        }

        long seconds = GoData.Signed(date);
        return seconds is >= -62135596800 and <= 253402300799
            ? GoTime.Local(DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(clock().Offset))
            : throw new TemplateFunctionException("time: year outside of range [1,9999]");
    }

    private static GoTime In(GoTime time, string zone, Func<string, TimeZoneInfo?> zones, Func<DateTimeOffset> clock)
    {
        if (zone is "Local")
        {
            return GoTime.Local(time.Time.ToOffset(clock().Offset));
        }

        if (zones(zone) is not { } known)
        {
            return GoTime.Utc(time.Time);
        }

        DateTimeOffset there = TimeZoneInfo.ConvertTime(time.Time, known);
        return there.Offset == TimeSpan.Zero ? GoTime.Utc(there) : new GoTime(there, GoTime.OffsetText(there.Offset, ""));
    }

    /// <summary>The first moment of all stands for what cannot be read, unless it must be. A year before the first fails in either.</summary>
    private static GoTime ToDate(string layout, string text, Func<DateTimeOffset> clock, bool mustParse)
    {
        try
        {
            return GoTimeReader.Read(layout, text, clock().Offset);
        }
        catch (TemplateFunctionException refused) when (!mustParse && refused.Message.StartsWith("parsing time", StringComparison.Ordinal))
        {
            return GoTime.Utc(DateTimeOffset.MinValue);
        }
    }

    private static GoTime Modified(string change, GoTime time, bool mustParse)
    {
        if (!GoDuration.TryParse(change, out GoDuration duration, out string error))
        {
            return mustParse ? throw new TemplateFunctionException(error) : time;
        }

        long ticks = time.Time.UtcTicks + (duration.Nanoseconds / 100);
        return ticks > time.Time.Offset.Ticks && ticks < DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerDay && ticks > TimeSpan.TicksPerDay
            ? new GoTime(new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(time.Time.Offset), time.ZoneName)
            : throw new TemplateFunctionException("time: year outside of range [1,9999]");
    }

    private static void AddRandom(TemplateFunctions functions, Func<int, int> random)
    {
        string ascii = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c));
        functions
            .AddWithCall("randAlphaNum", (TemplateCall call, nint count) => Characters(call, Letters + Digits, count, random))
            .AddWithCall("randAlpha", (TemplateCall call, nint count) => Characters(call, Letters, count, random))
            .AddWithCall("randNumeric", (TemplateCall call, nint count) => Characters(call, Digits, count, random))
            .AddWithCall("randAscii", (TemplateCall call, nint count) => Characters(call, ascii, count, random))
            .AddWithCall("randBytes", (TemplateCall call, nint count) => Convert.ToBase64String(Bytes(call, count, random)))
            .Add("randInt", (nint low, nint high) => high > low && high - low <= int.MaxValue
                ? low + random((int)(high - low))
                : throw new TemplateFunctionException("invalid argument to Intn"))
            .AddWithCall("shuffle", (TemplateCall call, string text) => Shuffled(call, text, random))
            .AddWithCall("uuidv4", (TemplateCall call) => Uuid(Bytes(call, 16, random)));
    }

    private static string Characters(TemplateCall call, string alphabet, nint count, Func<int, int> random)
    {
        call.CountText(count);
        call.CountSteps((int)Math.Clamp(count, 0, int.MaxValue));
        var text = new StringBuilder();
        for (nint i = 0; i < count; i++)
        {
            text.Append(alphabet[random(alphabet.Length)]);
        }

        return text.ToString();
    }

    private static byte[] Bytes(TemplateCall call, nint count, Func<int, int> random)
    {
        call.CountText(count);
        call.CountSteps((int)Math.Clamp(count, 0, int.MaxValue));
        byte[] bytes = new byte[Math.Max(0, count)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random(256);
        }

        return bytes;
    }

    private static string Shuffled(TemplateCall call, string text, Func<int, int> random)
    {
        call.CountSteps(text.Length);
        Rune[] runes = [.. text.EnumerateRunes()];
        for (int i = runes.Length - 1; i > 0; i--)
        {
            int other = random(i + 1);
            (runes[i], runes[other]) = (runes[other], runes[i]);
        }

        return string.Concat(runes.Select(rune => rune.ToString()));
    }

    private static string Uuid(byte[] bytes)
    {
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary><c>$NAME</c> and <c>${NAME}</c>.</summary>
    private static string Expand(string text, Func<string, string?> environment)
    {
        var expanded = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                expanded.Append(text[at++]);
                continue;
            }

            int start = at + 1;
            bool braced = text[start] == '{';
            int end = braced ? text.IndexOf('}', start) : start;
            while (!braced && end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            string name = end < 0 ? "" : braced ? text[(start + 1)..end] : text[start..end];
            if (name.Length == 0)
            {
                expanded.Append(text[at++]);
                continue;
            }

            expanded.Append(environment(name));
            at = braced ? end + 1 : end;
        }

        return expanded.ToString();
    }
}
