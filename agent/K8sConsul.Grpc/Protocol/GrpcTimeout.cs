using System.Globalization;

namespace K8sConsul.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const long ValueMax = 99_999_999;

    private static readonly (char Unit, long Nanoseconds)[] Units =
    [
        ('n', 1), ('u', 1_000), ('m', 1_000_000), ('S', 1_000_000_000), ('M', 60_000_000_000), ('H', 3_600_000_000_000),
    ];

    /// <summary>The finest unit that holds the value in eight digits, rounded up so that the peer never gives up first.</summary>
    public static string Format(TimeSpan timeout)
    {
        Int128 nanoseconds = timeout <= TimeSpan.Zero ? 0 : (Int128)timeout.Ticks * TimeSpan.NanosecondsPerTick;
        foreach ((char unit, long size) in Units)
        {
            Int128 value = (nanoseconds + size - 1) / size;
            if (value <= ValueMax)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{(long)value}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ValueMax}H");
    }

    public static bool TryParse(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is null || text.Length is < 2 or > 9
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        foreach ((char unit, long size) in Units)
        {
            if (unit == text[^1])
            {
                Int128 ticks = (Int128)value * size / TimeSpan.NanosecondsPerTick;
                timeout = ticks > TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : new TimeSpan((long)ticks);
                return true;
            }
        }

        return false;
    }
}
